import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const home = mkdtempSync(join(tmpdir(), "setup-"));
vi.stubEnv("ROLLBACK_STACKS_CACHE", join(home, "cache"));
const { commandPart } = await import("../../../tools/setup/command-part.ts");
const { PartError } = await import("../../../tools/setup/part.ts");
const { Interrupted } = await import("../../../tools/errors.ts");

const script = "#!/bin/sh\n";
const downloaded = Buffer.from("downloaded");
let server: Server;
let base: string;
let sum: string;
let path: string;

beforeEach(async () => {
  rmSync(join(home, "cache"), { recursive: true, force: true });
  path = mkdtempSync(join(home, "path-"));
  sum = createHash("sha256").update(downloaded).digest("hex");
  server = createServer((request, response) => response.end(request.url === "/pause" ? downloaded : sum));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("PATH", `${path}:/usr/bin:/bin`);
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** The stand-in for Go writes its output and says what it was asked. */
function installGo(body = 'while [ "$1" != -o ]; do shift; done\nprintf built > "$2/pause"'): void {
  writeFileSync(join(path, "go"), `${script}if [ "$1" = version ]; then echo go version go1.26.8 linux/amd64; exit; fi\n${body}\n`);
  chmodSync(join(path, "go"), 0o755);
}

const part = (changes: object = {}) =>
  commandPart({
    name: "pause",
    title: "Pause",
    version: "1.2.3",
    usually: "a moment",
    space: 0,
    wanted: [{ name: "pause", versionArguments: ["--version"], accepts: ">=1.2.0 <2" }],
    downloads: [{ url: `${base}/pause`, checksums: `${base}/SUMS` }],
    build: { module: "kubernetes", packages: ["./pause"] },
    ...changes,
  });

const run = (signal = new AbortController().signal) => ({ report() {}, signal });
const result = (): string => readFileSync(join(home, "cache", "bin", "pause"), "utf8");

describe("a command is", () => {
  test("downloaded where the machine has none", async () => {
    expect(await part().make(run())).toBe("downloaded");
    expect(result()).toBe("downloaded");
    expect(part().present()).toBe(true);
  });

  test("built where the download is not what its publisher states", async () => {
    installGo();
    sum = "0".repeat(64);
    expect(await part().make(run())).toBe("built");
    expect(result()).toBe("built");
  });

  test("made anew when a file of it is gone, cut short, or of another version", async () => {
    await part().make(run());
    expect(part({ version: "1.2.4" }).present()).toBe(false);
    expect(part().present()).toBe(true);
    writeFileSync(join(home, "cache", "bin", "pause"), "down");
    expect(part().present()).toBe(false);
    rmSync(join(home, "cache", "bin", "pause"));
    expect(part().present()).toBe(false);
  });

  test("not taken from PATH when it is a wrapper script", async () => {
    writeFileSync(join(path, "pause"), `${script}echo 1.5.0\n`, { mode: 0o755 });
    expect(await part().make(run())).toBe("downloaded");
  });

  test("the machine's own when that is a program of an accepted version, and only linked", async () => {
    const printf = { name: "printf", versionArguments: ["--version"], accepts: ">=8.0.0" };
    expect(await part({ wanted: [printf] }).make(run())).toBe("found");
    expect(readlinkSync(join(home, "cache", "bin", "printf"))).toBe("/usr/bin/printf");
    expect(await part({ wanted: [{ ...printf, accepts: "<8.0.0" }] }).make(run())).toBe("downloaded");
  });
});

describe("a command that a package of Debian's has is", () => {
  const fromDebian = { debianPackage: "pauses", wanted: [{ name: "pause", versionArguments: ["--version"], accepts: ">=1.2.0 <2" }] };

  /** Stand-ins: the package is a script that says its version, unpacked where Debian puts commands. */
  function installDebian(version: string, download = "touch pauses_1_amd64.deb"): void {
    writeFileSync(join(path, "apt-get"), `${script}${download}\n`);
    const unpack = `mkdir -p usr/bin && printf '#!/bin/sh\\necho pause ${version}\\n' > usr/bin/pause && chmod 755 usr/bin/pause`;
    writeFileSync(join(path, "dpkg-deb"), `${script}[ "$1 $2 $3" = "--extract pauses_1_amd64.deb ." ] && ${unpack}\n`);
    for (const name of ["apt-get", "dpkg-deb"]) chmodSync(join(path, name), 0o755);
  }

  test("unpacked from it, before anything is downloaded elsewhere", async () => {
    installDebian("1.2.9");
    expect(await part(fromDebian).make(run())).toBe("unpacked");
    expect(result()).toContain("echo pause 1.2.9");
    expect(part(fromDebian).present()).toBe(true);
  });

  test("left in its package where it is too old, or the package cannot be had", async () => {
    installDebian("1.1.0");
    expect(await part(fromDebian).make(run())).toBe("downloaded");
    installDebian("1.2.9", "echo E: Unable to locate package pauses >&2; exit 100");
    expect(await part(fromDebian).make(run())).toBe("downloaded");
  });

  test("looked for no further where it is not to be built", async () => {
    sum = "0".repeat(64);
    installDebian("1.1.0");
    const error = await part({ ...fromDebian, build: undefined })
      .make(run())
      .catch((reason: unknown) => reason);
    expect((error as InstanceType<typeof PartError>).tried).toEqual([
      "the machine's own: no pause >=1.2.0 <2 on PATH",
      "Debian's package pauses: pauses_1_amd64.deb has no pause >=1.2.0 <2",
      expect.stringMatching(/^official download: .* its publisher states 0{64}$/),
    ]);
  });
});

describe("where a command cannot be had", () => {
  test("the error names the part, everything that was tried and what to do", async () => {
    sum = "0".repeat(64);
    vi.stubEnv("PATH", path);
    const error = await part()
      .make(run())
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PartError);
    const { part: name, tried, remedy, message } = error as InstanceType<typeof PartError>;
    expect(name).toBe("pause");
    expect(tried).toEqual([
      "the machine's own: no pause >=1.2.0 <2 on PATH",
      expect.stringMatching(/^official download: .*\/pause has the SHA-256 [0-9a-f]{64}, its publisher states 0{64}$/),
      "build from Go modules: no `go` on PATH",
    ]);
    expect(remedy).toMatch(/^install Go 1\.26 or newer/);
    expect(message).toContain("Pause 1.2.3 cannot be set up.");
  });

  test("a failed build is shown with its last lines and leaves what was there", async () => {
    await part().make(run());
    sum = "0".repeat(64);
    installGo("echo cannot reach the module proxy: dial tcp: i/o timeout >&2; exit 1");
    const error = await part({ version: "1.2.4" })
      .make(run())
      .catch((reason: unknown) => reason);
    expect((error as Error).message).toContain("cannot reach the module proxy: dial tcp: i/o timeout");
    expect((error as Error).message).toContain("check that this machine reaches the download hosts or a Go module proxy");
    expect(result()).toBe("downloaded");
  });

  test("an interruption ends what runs, leaves nothing that looks complete, and says so", async () => {
    sum = "0".repeat(64);
    const started = join(path, "started");
    installGo(`echo $$ > ${started}; exec sleep 60`);
    const controller = new AbortController();
    const making = part()
      .make(run(controller.signal))
      .catch((reason: unknown) => reason);
    await vi.waitFor(() => expect(existsSync(started) && readFileSync(started, "utf8")).toMatch(/^\d+\n$/));
    controller.abort();
    expect(await making).toBeInstanceOf(Interrupted);
    expect(part().present()).toBe(false);
    expect(() => process.kill(Number(readFileSync(started, "utf8")), 0)).toThrow("ESRCH");
  });
});
