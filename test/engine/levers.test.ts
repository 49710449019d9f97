import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { leverArguments } from "../../components/levers/commands.ts";
import { leversSchema } from "../../components/levers/levers.ts";
import { currentLevers } from "../../pulumi/levers.ts";
import mindmend from "../../stacks/mindmend.ts";
import { plans } from "../../stacks/plans.ts";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { projectRoot } from "../../tools/paths.ts";

const stack = `levers-${process.pid}-drill`;
const stackFile = join(projectRoot, "stacks", `Pulumi.${stack}.yaml`);
const image = `registry.example/app@sha256:${"a".repeat(64)}`;

let folder: string;
let committed: string;

const pulumi = (args: string[], extra: Record<string, string> = {}) =>
  execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
    cwd: projectRoot,
    env: { ...pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: folder }, stateDir: folder }), ...extra, PULUMI_STACK: stack },
    extendEnv: false,
    reject: false,
    all: true,
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "levers-"));
  const init = await pulumi(["stack", "init", stack]);
  expect(init.all).toContain(`Created stack '${stack}'`);
  for (const provider of ["openai", "gemini"])
    await pulumi(["config", "set", "--secret", "--path", `credentials.${provider}.apiKey`, `key-${provider}`]);
  await pulumi(["config", "set", "system", "mindmend"]);
  await pulumi(["config", "set", "aiProvider", "gemini"]);
  await pulumi(["config", "set", "--path", "stable.image", image]);
  await pulumi(["config", "set", "--path", "canary.image", image]);
  committed = readFileSync(stackFile, "utf8");
});

beforeEach(() => writeFileSync(stackFile, committed));

afterAll(() => {
  rmSync(stackFile, { force: true });
  rmSync(folder, { recursive: true, force: true });
});

describe("a lever that cannot be used makes `pulumi up` fail before anything changes", () => {
  it.each([
    [
      ["aiProvidr", "openai"],
      `aiProvidr: unknown lever. Did you mean aiProvider? Known here: ${Object.keys(leversSchema(mindmend).shape).join(", ")}.`,
      "pulumi config rm aiProvidr",
    ],
    [
      ["aiProvider", "vertex"],
      'aiProvider: "vertex" is not a provider of this plan; expected openai or gemini',
      "pulumi config set aiProvider openai",
    ],
    [
      ["--path", "canary.weight", "250"],
      "canary.weight: expected a whole number from 0 to 100, got 250",
      "pulumi config set --path canary.weight 0",
    ],
    [
      ["--path", "canary.weight", "half"],
      'canary.weight: expected a whole number from 0 to 100, got "half"',
      "pulumi config set --path canary.weight 0",
    ],
    [
      ["--path", "stable.image", "app:latest"],
      'stable.image: "app:latest" is not pinned by digest; expected name@sha256:<64 hex digits>, so that a rollback restores exactly what ran',
      "pulumi config set --path stable.image <name@sha256:digest>",
    ],
    [
      ["system", "mindmnd"],
      `system: "mindmnd" has no plan under stacks/; expected one of ${Object.keys(plans).join(", ")}. Nothing was changed.`,
      "pulumi config set system <system>",
    ],
  ])("pulumi config set %j", async (args, message, command) => {
    await pulumi(["config", "set", ...args]);
    const up = await pulumi(["up", "--yes", "--skip-preview"]);
    expect(up.all).toContain(message);
    expect(up.all).toContain(`mend it with: ${command}`);
    expect(up.exitCode).not.toBe(0);
    const state = JSON.parse((await pulumi(["stack", "export"])).stdout);
    expect(state.deployment.resources?.filter(({ type }: { type: string }) => type !== "pulumi:pulumi:Stack") ?? []).toEqual([]);
  });

  it("the fallback provider without a credential", async () => {
    await pulumi(["config", "rm", "--path", "credentials.openai"]);
    const up = await pulumi(["up", "--yes", "--skip-preview"]);
    expect(up.all).toContain("credentials.openai.apiKey: missing: every level must be able to return to the fallback provider");
    expect(up.exitCode).not.toBe(0);
  });

  it("never prints a credential, not even one that cannot be used", async () => {
    await pulumi(["config", "set", "--secret", "--path", "credentials.openai.apiKey", "<your-key-7731>"]);
    const up = await pulumi(["up", "--yes", "--skip-preview"]);
    expect(up.all).toContain("credentials.openai.apiKey: is a placeholder");
    expect(up.all).not.toContain("7731");
  });
});

describe("a lever that a drill puts back", () => {
  const list = { retryLogic: { enabled: true, except: { users: ["user1", 4711, "user 3"] } } };
  const settings = { retryMaxAttempts: 3, retryBackoffMs: "1000,2000,4000", retryEnableFallback: true };

  it.each([
    ["C2: a list that a level took the place of", { flags: list }, "flags.retryLogic.except.users", "user7,user8,user9,user10"],
    ["C2: a share that was not set", { flags: { retryLogic: { enabled: true } } }, "flags.retryLogic.percentage", "10"],
    ["C3: numbers with commas", { settings }, "settings.retryBackoffMs", "500,1000,2000"],
    ["C3: true", { settings }, "settings.retryEnableFallback", "false"],
  ])("%s is what it was", async (_, levers, path, value) => {
    const own = Object.entries(levers).map(([name, lever]) => [`rollback-stacks:${name}`, lever]);
    const { config, ...rest } = parse(committed);
    const before = { ...config, ...Object.fromEntries(own) };
    writeFileSync(stackFile, stringify({ ...rest, config: before }));
    const back = currentLevers(before, [path], "rollback-stacks");
    for (const lever of [{ path, value }, ...back]) expect((await pulumi(leverArguments(lever))).exitCode).toBe(0);
    expect(parse(readFileSync(stackFile, "utf8")).config).toEqual(before);
  });
});

describe("the passphrase", () => {
  it.each([
    ["wrong", { PULUMI_CONFIG_PASSPHRASE: "not it" }, "incorrect passphrase"],
    [
      "missing",
      { PULUMI_CONFIG_PASSPHRASE_FILE: "" },
      "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
    ],
  ])("when it is %s makes `pulumi up` fail and say so", async (_, variables, message) => {
    const up = await pulumi(["up", "--yes", "--skip-preview"], variables);
    expect(up.all).toContain(message);
    expect(up.exitCode).not.toBe(0);
  });
});
