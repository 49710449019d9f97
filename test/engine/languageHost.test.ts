import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { projectRoot } from "../../tools/paths.ts";

let folder: string;

const pulumi = (...args: string[]) =>
  execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
    cwd: folder,
    env: pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: folder }, stateDir: folder }),
    extendEnv: false,
    reject: false,
    all: true,
  });

const write = (name: string, ...lines: string[]): void => writeFileSync(join(folder, name), `${lines.join("\n")}\n`);

const policy = (name: string, body: string): void => {
  const pack = join(folder, name);
  mkdirSync(pack);
  symlinkSync(join(projectRoot, "node_modules"), join(pack, "node_modules"));
  writeFileSync(join(pack, "package.json"), JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime:\n  name: nodejs\n  options:\n    typescript: false\n");
  writeFileSync(
    join(pack, "index.js"),
    `const { PolicyPack } = require("@pulumi/policy");
const pulumi = require("@pulumi/pulumi");
new PolicyPack("${name}", { policies: [{ name: "rule", description: "A rule.", enforcementLevel: "mandatory", ${body} }] });\n`,
  );
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "language-host-"));
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  write("package.json", JSON.stringify({ name: "program", type: "module", main: "index.ts" }));
  write("Pulumi.yaml", "name: program", "runtime:", "  name: nodejs", "  options:", "    typescript: false");
  write(
    "index.ts",
    'import * as pulumi from "@pulumi/pulumi";',
    "const config = new pulumi.Config();",
    'if (config.get("fail")) throw new pulumi.RunError("asked to fail: " + config.get("fail"));',
    'export const where: string = pulumi.getProject() + "/" + pulumi.getStack();',
    'export const token = config.getSecret("token");',
    'export const preview = pulumi.runtime.isDryRun() ? "yes" : "no";',
  );
  expect((await pulumi("stack", "init", "dev")).all).toContain("Created stack 'dev'");
  await pulumi("config", "set", "--secret", "token", "t0ken-7731");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the language host", () => {
  it("runs a TypeScript program, which knows its project and stack and gives outputs", async () => {
    const up = await pulumi("up", "--yes", "--skip-preview");
    expect(up.exitCode, up.all).toBe(0);
    expect(JSON.parse((await pulumi("stack", "output", "--json")).stdout)).toEqual({
      where: "program/dev",
      token: "[secret]",
      preview: "no",
    });
  });

  it("hands secrets to the program as secrets: encrypted in state, never printed", async () => {
    const shown = await pulumi("stack", "output", "--show-secrets", "--json");
    expect(JSON.parse(shown.stdout).token).toBe("t0ken-7731");
    expect((await pulumi("stack", "export")).stdout).not.toContain("t0ken-7731");
  });

  it("says a program's own error once, without a stack trace, and fails", async () => {
    await pulumi("config", "set", "fail", "today");
    const up = await pulumi("up", "--yes", "--skip-preview");
    await pulumi("config", "rm", "fail");
    expect(up.exitCode).not.toBe(0);
    expect(up.all?.split("Diagnostics:")[1]?.match(/asked to fail: today/g)).toHaveLength(1);
    expect(up.all).not.toMatch(/\n\s+at /);
  });
});

describe("policy packs", () => {
  it("let pass what they allow", async () => {
    policy("allows", "validateResource: () => {}");
    const preview = await pulumi("preview", "--policy-pack", join(folder, "allows"));
    expect(preview.exitCode, preview.all).toBe(0);
    expect(preview.all).toContain("allows");
  });

  it("stop what they forbid, with their message", async () => {
    policy("forbids", 'validateStack: (_, report) => report("this stack is not allowed")');
    const preview = await pulumi("preview", "--policy-pack", join(folder, "forbids"));
    expect(preview.exitCode).not.toBe(0);
    expect(preview.all).toContain("this stack is not allowed");
  });

  it("read the stack's config", async () => {
    await pulumi("config", "set", "limit", "12");
    policy("reads", 'validateStack: (_, report) => report("the limit is " + new pulumi.Config("program").get("limit"))');
    const preview = await pulumi("preview", "--policy-pack", join(folder, "reads"));
    expect(preview.all).toContain("the limit is 12");
  });
});
