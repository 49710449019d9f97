import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import wabot from "../../stacks/wabot.ts";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { projectRoot } from "../../tools/paths.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "settings-"));
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: rollback-stacks\nruntime: { name: nodejs, options: { typescript: false } }\n");
  writeFileSync(join(folder, "package.json"), '{ "main": "index.js" }');
  writeFileSync(join(folder, "index.js"), "");
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  cpSync(join(projectRoot, "stacks/Pulumi.wabot.yaml"), join(folder, "Pulumi.wabot.yaml"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const typed = (...commands: string[]) =>
  execa("bash", ["-c", commands.join(" && ").replaceAll("pulumi up", "pulumi --non-interactive up --yes --skip-preview")], {
    cwd: folder,
    env: { ...pulumiEnvironment({ stateDir: join(folder, "state") }), PULUMI_STACK: "wabot" },
    extendEnv: false,
    all: true,
  });

const levers = () => {
  const { config } = parse(readFileSync(join(folder, "Pulumi.wabot.yaml"), "utf8"));
  return { flags: config["rollback-stacks:flags"], settings: config["rollback-stacks:settings"] };
};

it("B2: the runbook's commands bring back the settings and flags of the update before, and no credential is lost", async () => {
  const { commands = [] } = wabot.troubleshooting.find(({ problem }) => problem.startsWith("The settings have to be")) ?? {};
  await typed("pulumi stack init wabot --no-select", "pulumi config set --secret --path credentials.openai.apiKey sk-kept", "pulumi up");
  const before = levers();
  await typed(
    "pulumi config set --path settings.maxProducts 50",
    "pulumi config set --path settings.customBotGreeting ''",
    "pulumi config set --path flags.harmonization false",
    "pulumi up",
  );
  expect(levers()).not.toEqual(before);
  await typed(...commands);
  expect(levers()).toEqual(before);
  expect((await typed("pulumi config get --path credentials.openai.apiKey")).all).toBe("sk-kept");
});
