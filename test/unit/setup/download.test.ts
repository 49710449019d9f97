import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import tar from "tar-stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { download, findChecksum } from "../../../tools/setup/download.ts";

const program = Buffer.from("a program");
const sha256 = (data: Buffer): string => createHash("sha256").update(data).digest("hex");
const run = { report() {}, signal: new AbortController().signal };

let server: Server;
let folder: string;
let routes: Record<string, RequestListener>;
let base: string;

const send =
  (body: Buffer | string): RequestListener =>
  (_request, response) =>
    response.end(body);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "download-"));
  routes = {};
  server = createServer((request, response) => {
    const route = routes[request.url ?? ""];
    if (route) route(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

describe("a download", () => {
  test("is kept when its SHA-256 is the one that its publisher states", async () => {
    routes["/tool"] = send(program);
    routes["/tool.sha256"] = send(sha256(program));
    const files = await download({ url: `${base}/tool`, checksums: `${base}/tool.sha256` }, folder, run);
    expect(files).toEqual([join(folder, "tool")]);
    expect(readFileSync(join(folder, "tool"), "utf8")).toBe("a program");
  });

  test("is refused when it has another SHA-256", async () => {
    routes["/tool"] = send("something else");
    routes["/tool.sha256"] = send(sha256(program));
    await expect(download({ url: `${base}/tool`, checksums: `${base}/tool.sha256` }, folder, run)).rejects.toThrow(
      `${base}/tool has the SHA-256 ${sha256(Buffer.from("something else"))}, its publisher states ${sha256(program)}`,
    );
  });

  test("is refused when its publisher states no checksum for it", async () => {
    routes["/tool"] = send(program);
    routes["/SUMS"] = send(`${sha256(program)}  other\n${sha256(program)}  another\n`);
    await expect(download({ url: `${base}/tool`, checksums: `${base}/SUMS` }, folder, run)).rejects.toThrow(
      `${base}/SUMS states no SHA-256 for tool`,
    );
  });

  test("that the host refuses fails with its answer", async () => {
    routes["/SUMS"] = (_request, response) => response.writeHead(403).end();
    await expect(download({ url: `${base}/tool`, checksums: `${base}/SUMS` }, folder, run)).rejects.toThrow(`${base}/SUMS answered 403`);
  });

  test("from a host that cannot be reached fails at once and names the host", async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(download({ url: `${base}/tool`, checksums: `${base}/SUMS` }, folder, run)).rejects.toThrow(
      /^127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED/,
    );
  });

  test("that breaks off fails and is not taken for the whole", async () => {
    routes["/tool"] = (_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
      setTimeout(() => response.destroy(), 20);
    };
    routes["/tool.sha256"] = send(sha256(program));
    await expect(download({ url: `${base}/tool`, checksums: `${base}/tool.sha256` }, folder, run)).rejects.toThrow("aborted");
  });

  test("follows a redirect", async () => {
    routes["/tool"] = (_request, response) => response.writeHead(302, { location: "/elsewhere/tool" }).end();
    routes["/elsewhere/tool"] = send(program);
    routes["/tool.sha256"] = send(sha256(program));
    const files = await download({ url: `${base}/tool`, checksums: `${base}/tool.sha256` }, folder, run);
    expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(["a program"]);
  });

  test("of an archive yields the wanted entries only, executable", async () => {
    const archive = await tarball({ "tool-1/README": "read me", "tool-1/tool": "a program", "tool-1/helper": "another" });
    routes["/tool.tar.gz"] = send(archive);
    routes["/SUMS"] = send(`${sha256(archive)}  tool.tar.gz\n`);
    const take = (entry: string): string | undefined => (/\/(tool|helper)$/.test(entry) ? basename(entry) : undefined);
    const files = await download({ url: `${base}/tool.tar.gz`, checksums: `${base}/SUMS`, take }, folder, run);
    expect(files).toEqual([join(folder, "tool"), join(folder, "helper")]);
    expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(["a program", "another"]);
  });

  test("of an archive without the wanted entries fails", async () => {
    const archive = await tarball({ "tool-1/README": "read me" });
    routes["/tool.tar.gz"] = send(archive);
    routes["/SUMS"] = send(`${sha256(archive)}  tool.tar.gz\n`);
    await expect(download({ url: `${base}/tool.tar.gz`, checksums: `${base}/SUMS`, take: () => undefined }, folder, run)).rejects.toThrow(
      "tool.tar.gz does not hold what was expected in it",
    );
  });
});

describe("a checksum", () => {
  const sum = "a".repeat(64);
  const other = "b".repeat(64);

  test("is found in what sha256sum prints, text or binary", () => {
    expect(findChecksum(`${other}  tool-arm64\n${sum}  tool\n`, "tool")).toBe(sum);
    expect(findChecksum(`${other} *tool-arm64\n${sum} *tool\n`, "tool")).toBe(sum);
  });

  test("may stand alone", () => {
    expect(findChecksum(`${sum}\n`, "tool")).toBe(sum);
  });

  test("is found among the assets of a GitHub release", () => {
    const release = {
      assets: [
        { name: "x", digest: `sha256:${other}` },
        { name: "tool", digest: `sha256:${sum}` },
      ],
    };
    expect(findChecksum(JSON.stringify(release), "tool")).toBe(sum);
  });

  test("is not taken from a page that is none", () => {
    expect(findChecksum("<html>Sign in to the network</html>", "tool")).toBeUndefined();
  });
});

async function tarball(files: Record<string, string>): Promise<Buffer> {
  const pack = tar.pack();
  for (const [name, content] of Object.entries(files)) pack.entry({ name }, content);
  pack.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of pack) pieces.push(piece as Buffer);
  return gzipSync(Buffer.concat(pieces));
}
