import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { cacheRoot, projectRoot } from "../../tools/paths.ts";
import { ShopStack } from "./policies/stack.ts";

let shop: ShopStack;
const stackFile = () => join(shop.checkout.folder, "stacks/Pulumi.shop.yaml");
const checkpoint = () => join(shop.checkout.folder, "state/.pulumi/stacks/rollback-stacks/shop.json");

/** Runs `rollback <args>` in the shop's checkout, without a terminal. */
async function rollback(args: string, extra: Record<string, string> = {}) {
  const { folder } = shop.checkout;
  const env = pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: folder }, stateDir: folder });
  const run = await execa("node", [join(projectRoot, "tools/main.ts"), "rollback", ...args.split(" ")], {
    cwd: folder,
    env: { ...env, ROLLBACK_STACKS_CACHE: cacheRoot, PULUMI_STACK: "shop", ...extra },
    extendEnv: false,
    reject: false,
  });
  return { code: run.exitCode, said: run.stderr, printed: run.stdout };
}

beforeAll(async () => {
  shop = await ShopStack.make();
  mkdirSync(join(shop.checkout.folder, "elsewhere"));
});
afterAll(() => shop.remove());

describe("before the first update", () => {
  it("there is no history, and nothing to undo or to return to", async () => {
    expect(await rollback("history")).toEqual({ code: 0, said: "", printed: "Stack shop has had no update yet." });
    expect(await rollback("undo --yes")).toMatchObject({
      code: 3,
      said: "there is nothing to undo on stack shop: its history is empty. Nothing was changed.",
    });
    expect(await rollback("last-good --yes")).toMatchObject({
      code: 3,
      said: "stack shop has no last verified release: no update of it has ended well. Nothing was changed.",
    });
  });
});

describe("what is typed wrongly is told the nearest there is, and changes nothing", () => {
  it.each([
    ["stats", "No command registered for `stats`, did you mean `status`?"],
    ["to trafic --yes", "the plan of shop has no level trafic. Did you mean traffic? It has traffic."],
    ["to traffic --yse", "No flag registered for --yse, did you mean --yes?"],
    ["status --stack shp", expect.stringMatching(/^there is no stack shp: .* Did you mean shop\? There are: /)],
    ["to traffic", "nobody can be asked here: there is no terminal. Nothing was changed.\n    go on with: --yes"],
  ])("rollback %s", async (args, said) => {
    const before = readFileSync(stackFile(), "utf8");
    expect(await rollback(args)).toMatchObject({ code: 2, said });
    expect(readFileSync(stackFile(), "utf8")).toBe(before);
  });
});

describe("where the state cannot be had, it says why and what mends it, and the file stays as it is", () => {
  it.each([
    [
      "the passphrase is wrong",
      "to traffic --yes",
      { PULUMI_CONFIG_PASSPHRASE: "not it" },
      /^the passphrase is not the one that stack shop was made with\./m,
    ],
    [
      "nobody is logged in",
      "status",
      { PULUMI_BACKEND_URL: "https://127.0.0.1:1" },
      /^you are not logged in to .*\n {4}mend it with: pulumi login https/,
    ],
    [
      "it is of another backend",
      "status",
      { PULUMI_BACKEND_URL: "file://./elsewhere" },
      /^stack shop is not in file:\/\/\.\/elsewhere\. There is none yet\./,
    ],
  ])("%s", async (_, args, variables, said) => {
    const before = readFileSync(stackFile(), "utf8");
    const told = await rollback(args, variables);
    expect(told.code).toBe(3);
    expect(told.said).toMatch(said);
    expect(readFileSync(stackFile(), "utf8")).toBe(before);
  });
});

describe("after updates", () => {
  beforeAll(async () => {
    expect((await shop.run("up --yes --skip-preview")).exitCode).toBe(0);
    await shop.run("config set --path canary.weight 10");
    expect((await shop.run("up --yes --skip-preview")).exitCode).toBe(0);
  });

  it("a level is carried out and recorded; without a cluster it says that nobody looked at it", async () => {
    const { code, said } = await rollback("to traffic --yes --by ada --reason p95 --incident 4711");
    expect(code).toBe(6);
    expect(said).toMatch(/^rollback to traffic: carried out, and not verified: stack shop has no cluster: it renders YAML into /m);
    expect(readFileSync(stackFile(), "utf8")).toMatch(
      /change:\n {4}level: traffic\n {4}reason: p95\n {4}incident: "4711"\n {4}requestedBy: ada\n/,
    );
    const [last] = JSON.parse((await rollback("history --json")).printed);
    expect(last).toMatchObject({
      by: "ada",
      what: "rollback to traffic",
      level: "traffic",
      why: "p95",
      incident: "4711",
      ended: "well, not verified",
    });
  });

  it("notify fills a text in from what was recorded, and names what was not", async () => {
    const { code, said } = await rollback("notify over");
    expect(code).toBe(2);
    expect(said).toMatch(/ {2}impact: what users notice\n {4}say it with: rollback notify over --stack shop impact=<impact>$/);
    expect(await rollback("notify over impact=none")).toMatchObject({
      code: 0,
      printed: "Level 1: traffic: Completed (4711, p95), none",
      said: expect.stringMatching(/^Filled in from: Level 1: traffic, begun \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.\nTo: Team\.$/m),
    });
  });

  it("report is filled in from what happened, and what nobody knows stays a place in brackets", async () => {
    const { code, printed, said } = await rollback("report postMortem impact=none");
    expect(code).toBe(0);
    expect(said).toMatch(/^Of rollback to traffic, begun \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: well, not verified\.$/m);
    expect(said).toMatch(/^ {4}rollback report postMortem --stack shop impact=none severity=<severity> /m);
    expect(printed).toContain("**Incident**: 4711\n**Severity**: [Severity]\n**Rollback**: Level 1: traffic\n**Carried out by**: ada\n");
    expect(printed).toContain(
      "## What was changed\n1. canary.weight: 10 → 0\n\n## What was typed\n1. pulumi config set --path canary.weight 0\n2. pulumi up\n",
    );
    expect(printed).toContain("- [Time]: Rollback verified\n");
    const events = JSON.parse((await rollback("report --format cdevents --incident 4711")).printed);
    expect(events.map(({ context }: { context: { type: string } }) => context.type)).toEqual([
      "dev.cdevents.service.upgraded.0.3.0",
      "dev.cdevents.service.rolledback.0.3.0",
    ]);
  });

  it("Ctrl-C at the question ends it, and the file stays as it was", async () => {
    const before = readFileSync(stackFile(), "utf8");
    const { folder } = shop.checkout;
    const env = pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: folder }, stateDir: folder });
    // A terminal of util-linux's.
    const terminal = execa(
      "script",
      ["--quiet", "--return", "--command", `node ${join(projectRoot, "tools/main.ts")} rollback to traffic`, "/dev/null"],
      {
        cwd: folder,
        env: { ...env, ROLLBACK_STACKS_CACHE: cacheRoot, PULUMI_STACK: "shop" },
        extendEnv: false,
        reject: false,
      },
    );
    terminal.stdout.on("data", (text) => String(text).includes("Go on? [y/N]") && terminal.stdin.write("\x03"));
    const { stdout, exitCode } = await terminal;
    expect(stdout).toContain("--evidence <folder>");
    expect({ exitCode, end: stdout.trimEnd().split("\r\n").at(-1) }).toEqual({ exitCode: 3, end: "Nothing was changed." });
    expect(readFileSync(stackFile(), "utf8")).toBe(before);
  });

  it("undo shows the way back to before it, and --dry-run stays there", async () => {
    const before = readFileSync(stackFile(), "utf8");
    const { code, printed } = await rollback("undo --dry-run");
    expect(code).toBe(0);
    expect(printed).toContain("  canary.weight  0    10\n");
    expect(printed).toContain("  pulumi config set --path canary.weight 10 --stack shop\n  pulumi up --yes --skip-preview --stack shop\n");
    expect(readFileSync(stackFile(), "utf8")).toBe(before);
  });

  it("check previews each level", async () => {
    const { code, printed } = await rollback("check");
    expect({ code, printed }).toEqual({
      code: 0,
      printed: "traffic  possible  Level 1: traffic; RTO 120 s\n    touches: nothing: it is so already\n    last drilled: never",
    });
  });

  it("a lever that cannot be used is told before anything is changed", async () => {
    const before = readFileSync(stackFile(), "utf8");
    writeFileSync(stackFile(), before.replace("aiProvider: gemini", "aiProvider: vertex"));
    const { code, said } = await rollback("to traffic --yes");
    expect({ code, said }).toEqual({
      code: 3,
      said:
        "not possible now. Nothing was changed.\n" +
        '  aiProvider: "vertex" is not a provider of this plan; expected openai or gemini\n    mend it with: pulumi config set aiProvider openai',
    });
    writeFileSync(stackFile(), before);
  });

  it("a program that fails before it changes anything leaves the file as it was", async () => {
    const plan = join(shop.checkout.folder, "stacks/index.ts");
    const [program, before] = [readFileSync(plan, "utf8"), readFileSync(stackFile(), "utf8")];
    writeFileSync(plan, `throw new Error("a broken program");\n${program}`);
    const { code, said } = await rollback("undo --yes");
    expect(code).toBe(3);
    expect(said).toContain("a broken program");
    expect(said).toContain("Nothing was changed: stacks/Pulumi.shop.yaml is as it was.");
    expect(readFileSync(stackFile(), "utf8")).toBe(before);
    writeFileSync(plan, program);
  });

  it("a damaged state is left as it is, and the newest whole checkpoint is named with the commands that put it back", async () => {
    const whole = readFileSync(checkpoint(), "utf8");
    writeFileSync(checkpoint(), whole.slice(0, 900));
    const { code, said } = await rollback("status");
    expect(code).toBe(1);
    expect(said).toContain(`the state of stack shop is damaged: ${checkpoint()} is no whole checkpoint.`);
    expect(readFileSync(checkpoint(), "utf8")).toBe(whole.slice(0, 900));
    const [, command = ""] = /mend it with: (.*) && pulumi refresh/.exec(said) ?? [];
    await execa("sh", ["-c", command]);
    expect((await rollback("history")).code).toBe(0);
    expect((await rollback("status")).said).toBe("");
  });
});
