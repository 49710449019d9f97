import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportLines, pulumiVariables } from "../../tools/environment.ts";
import { cacheRootFor, compileCacheDir, projectRoot, pulumiBinDir, pulumiHome } from "../../tools/paths.ts";

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "environment-"));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const variables = (base: NodeJS.ProcessEnv): Record<string, string> => pulumiVariables({ base, stateDir });

describe("the environment of pulumi", () => {
  test("has the CLI and the project's Node first on PATH, a home and a state of its own", () => {
    expect(variables({ PATH: "/usr/bin:/bin" })).toEqual({
      PATH: `${pulumiBinDir}:${projectRoot}/node_modules/.bin:/usr/bin:/bin`,
      PULUMI_HOME: pulumiHome,
      PULUMI_BACKEND_URL: `file://${stateDir}/state`,
      PULUMI_CONFIG_PASSPHRASE_FILE: `${stateDir}/passphrase`,
      PULUMI_SKIP_UPDATE_CHECK: "1",
      GOGC: "400",
      NODE_COMPILE_CACHE: compileCacheDir,
    });
    expect(statSync(`${stateDir}/state`).isDirectory()).toBe(true);
  });

  test("keeps the backend and the passphrase that the user has set, an empty passphrase too", () => {
    expect(variables({ PULUMI_BACKEND_URL: "gs://states", PULUMI_CONFIG_PASSPHRASE: "" })).toMatchObject({
      PULUMI_BACKEND_URL: "gs://states",
      PULUMI_CONFIG_PASSPHRASE: "",
    });
    expect(variables({ PULUMI_CONFIG_PASSPHRASE: "" })).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
    expect(variables({ PULUMI_CONFIG_PASSPHRASE_FILE: "/etc/phrase" }).PULUMI_CONFIG_PASSPHRASE_FILE).toBe("/etc/phrase");
  });

  test("has a generated passphrase that stays, readable by its owner only", () => {
    const file = variables({}).PULUMI_CONFIG_PASSPHRASE_FILE ?? "";
    const first = readFileSync(file, "utf8");
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    variables({});
    expect(readFileSync(file, "utf8")).toBe(first);
  });

  test("is refused when the passphrase was emptied, rather than to lose the secrets behind it", () => {
    writeFileSync(join(stateDir, "passphrase"), "");
    expect(() => variables({})).toThrow(`the passphrase file ${stateDir}/passphrase is empty`);
  });

  test("goes through a shell unharmed", () => {
    const lines = exportLines({ AWKWARD: `it's "$HOME" \`here\`` });
    expect(execFileSync("sh", ["-c", `${lines}\nprintf %s "$AWKWARD"`], { encoding: "utf8" })).toBe(`it's "$HOME" \`here\``);
  });
});

describe("the cache is in", () => {
  test.each([
    ["the user's cache folder", {}, "/home/me/.cache/rollback-stacks"],
    ["XDG_CACHE_HOME", { XDG_CACHE_HOME: "/big" }, "/big/rollback-stacks"],
    ["the user's cache folder when XDG_CACHE_HOME is relative", { XDG_CACHE_HOME: "big" }, "/home/me/.cache/rollback-stacks"],
    ["ROLLBACK_STACKS_CACHE before all", { ROLLBACK_STACKS_CACHE: "/mine", XDG_CACHE_HOME: "/big" }, "/mine"],
  ])("%s", (_where, env, expected) => {
    expect(cacheRootFor(env, "/home/me")).toBe(expected);
  });

  test("no relative ROLLBACK_STACKS_CACHE", () => {
    expect(() => cacheRootFor({ ROLLBACK_STACKS_CACHE: "mine" }, "/home/me")).toThrow(
      'ROLLBACK_STACKS_CACHE must be an absolute path, not "mine"',
    );
  });
});
