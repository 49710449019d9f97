import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { projectRoot } from "../../../tools/paths.ts";

let checkout: string;
let installations: string;

/** A checkout whose program says what it was called with, and an npm that installs one package. */
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "checkout-"));
  installations = join(checkout, "installations");
  mkdirSync(join(checkout, "tools"));
  mkdirSync(join(checkout, "bin"));
  copyFileSync(join(projectRoot, "tools", "run.mjs"), join(checkout, "tools", "run.mjs"));
  writeFileSync(join(checkout, "tools", "main.ts"), 'console.log(process.argv.slice(2).join(" "));\nprocess.exitCode = 7;\n');
  writeFileSync(
    join(checkout, "package-lock.json"),
    JSON.stringify({
      packages: { "": {}, "node_modules/zod": { version: "4.0.0" }, "node_modules/mac-only": { version: "1.0.0", optional: true } },
    }),
  );
  npm('mkdir node_modules; echo \'{"packages":{"node_modules/zod":{"version":"4.0.0"}}}\' > node_modules/.package-lock.json');
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function npm(body: string): void {
  writeFileSync(join(checkout, "bin", "npm"), `#!/bin/sh\necho "$@" >> ${installations}\nrm -rf node_modules; sleep 0.2\n${body}\n`, {
    mode: 0o755,
  });
}

function start(...args: string[]): { child: ChildProcess; ended: Promise<{ code: number | null; output: string }> } {
  const child = spawn(process.execPath, [join(checkout, "tools", "run.mjs"), ...args], {
    env: { ...process.env, PATH: `${join(checkout, "bin")}:${process.env.PATH}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += data));
  return { child, ended: new Promise((resolve) => child.on("close", (code) => resolve({ code, output }))) };
}

const timesInstalled = (): number => (existsSync(installations) ? readFileSync(installations, "utf8").trim().split("\n").length : 0);

describe("npm run", () => {
  test("installs the packages of a fresh clone without their scripts, then runs the command with its exit code", async () => {
    const { code, output } = await start("drill", "mindmend", "--verbose").ended;
    expect(output).toMatch(/^… npm packages \(usually about 1 min\)\n✔ npm packages {2}\d+ s\ndrill mindmend --verbose\n$/);
    expect(code).toBe(7);
    expect(readFileSync(installations, "utf8")).toBe("ci --ignore-scripts --no-audit --no-fund --loglevel=error\n");
  });

  test("installs nothing where everything is there, but again when the lock file asks for another version", async () => {
    await start("env").ended;
    expect((await start("env").ended).output).toBe("env\n");
    expect(timesInstalled()).toBe(1);
    writeFileSync(join(checkout, "package-lock.json"), JSON.stringify({ packages: { "node_modules/zod": { version: "4.0.1" } } }));
    await start("env").ended;
    expect(timesInstalled()).toBe(2);
  });

  test("installs once when two are started at once", async () => {
    const both = await Promise.all([start("env").ended, start("env").ended]);
    expect(both.map(({ code }) => code)).toEqual([7, 7]);
    expect(timesInstalled()).toBe(1);
  });

  test("installs again after it was killed in the middle", async () => {
    npm("exec sleep 5");
    const { child } = start("env");
    await vi.waitFor(() => expect(timesInstalled()).toBe(1));
    // Its npm lives on and holds the output open: the end of the process itself is what counts.
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    npm('mkdir node_modules; echo \'{"packages":{"node_modules/zod":{"version":"4.0.0"}}}\' > node_modules/.package-lock.json');
    expect((await start("env").ended).code).toBe(7);
    expect(timesInstalled()).toBe(2);
  });

  test("ends npm when it is terminated, and says how to go on", async () => {
    npm("exec sleep 60");
    const { child, ended } = start("env");
    await vi.waitFor(() => expect(timesInstalled()).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 400));
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: 143, output: expect.stringContaining("Interrupted; run the same command again to go on.") });
  });

  test("says what to do when npm fails", async () => {
    npm("echo 'npm error network' >&2; exit 1");
    const { code, output } = await start("env").ended;
    expect(code).toBe(1);
    expect(output).toContain("npm error network");
    expect(output).toContain(
      "The npm packages could not be installed.\n  Check that `npm ping` reaches a registry, then run the same command again.",
    );
  });
});
