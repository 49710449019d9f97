import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { refusals, told } from "./output.ts";
import { images, mending, ShopStack } from "./stack.ts";

const hour = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();
const change = { reason: "Gemini answers faster", severity: "low", requestedBy: "ada" };
const canary = (weight: number) => ({ image: images.a, weight });
const exemption = (policy: string, expiresAt: string, resource?: string) => ({
  policy,
  ...(resource && { resource }),
  reason: "The drill's cluster is broken",
  approvedBy: "lead:cy",
  expiresAt,
});

let shop: ShopStack;

beforeAll(async () => {
  shop = await ShopStack.make();
  shop.levers({ environment: "production" });
});

afterAll(() => shop.remove());

beforeEach(() => {
  shop.drilled();
  shop.levers({ canary: canary(10), change, freezes: undefined, exemptions: undefined });
});

async function refused(levers: Record<string, unknown> = {}): Promise<Record<string, string[]>> {
  shop.levers(levers);
  const { all, exitCode } = await shop.preview();
  const found = refusals(all);
  expect(exitCode === 0, all).toBe(Object.keys(found).length === 0);
  return found;
}

describe("production's first update with something new", () => {
  it("is refused while nothing is said of it and no drill was done, before anything is made", async () => {
    shop.checkout.write("stacks/drills/shop.json", "{}");
    shop.levers({ change: undefined });
    const { all, exitCode } = await shop.up("--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(refusals(all)).toEqual({
      approvals: [
        "change.severity: missing, so whose approval the plan demands is not known\nmend it with: pulumi config set --path change.severity <low, medium, high or critical>",
      ],
      "change-record": [
        "change.reason: missing\nmend it with: pulumi config set --path change.reason <why>",
        "change.severity: missing\nmend it with: pulumi config set --path change.severity <low, medium, high or critical>",
        "change.requestedBy: missing\nmend it with: pulumi config set --path change.requestedBy <person>",
      ],
      "level-drilled": [
        "levels.traffic: never drilled; the plan asks for a drill every 31 days\nmend it with: npm run drill -- shop traffic --record",
      ],
    });
    expect(await shop.made()).toEqual([]);
  });

  it("passes once everything is said", async () => {
    expect(await refused()).toEqual({});
  });
});

describe("approvals", () => {
  const high = { ...change, severity: "high" };

  it("are added by the commands of the messages, and then the same update passes", async () => {
    shop.levers({ change: { ...high, approvedBy: ["lead:ada"] } });
    const { all = "" } = await shop.preview();
    expect(refusals(all).approvals).toEqual([
      "change.approvedBy[0]: ada requested this change, so another person has to approve as lead\nmend it with: pulumi config set --path 'change.approvedBy[0]' lead:<person>",
      "change.approvedBy: a change of severity high needs the approval of owner, which is missing\nmend it with: pulumi config set --path 'change.approvedBy[1]' owner:<person>",
    ]);
    const people = ["bob", "cy"];
    for (const [, command = ""] of all.matchAll(/mend it with: pulumi (config set --path 'change\.approvedBy.*)/g))
      await shop.run(command.replaceAll("'", "").replace("<person>", people.shift() ?? ""));
    expect(await refused()).toEqual({});
  });

  it("of a role that the plan does not have are refused with the nearest one", async () => {
    shop.levers({ change: { ...high, approvedBy: ["laed:bob", "owner:cy"] } });
    expect(told((await shop.preview()).all)).toEqual([
      "error: 1 lever of stack shop cannot be used. Nothing was changed.",
      'change.approvedBy[0]: "laed" is no role of this plan. Did you mean lead? There are lead, owner.',
      "mend it with: pulumi config set --path 'change.approvedBy[0]' lead:bob",
    ]);
  });

  it("are gone without for a time, which is told", async () => {
    const bypass = { reason: "Nobody else is awake", by: "ada", expiresAt: inHours(1) };
    shop.levers({ change: { ...high, approvedBy: ["owner:cy"], bypass } });
    const { all } = await shop.preview();
    expect(refusals(all)).toEqual({});
    expect(told(all)).toEqual([
      `warning: exempt from approvals until ${bypass.expiresAt} (ada: Nobody else is awake): change.approvedBy: a change of severity high needs the approval of lead, which is missing`,
    ]);
  });
});

describe("a freeze", () => {
  it("refuses a rollout, and lets it go once the command has ended it", async () => {
    const until = inHours(5);
    shop.levers({ freezes: [{ from: inHours(-5), until, reason: "The busiest weekend" }] });
    const { all = "" } = await shop.preview();
    expect(refusals(all)).toEqual({
      "change-freeze": [
        `freezes[0]: nothing new is rolled out until ${until}: The busiest weekend\nmend it with: pulumi config rm --path 'freezes[0]'`,
      ],
    });
    await shop.run(mending(all, "change-freeze").replaceAll("'", ""));
    expect(await refused()).toEqual({});
  });

  it("that stands in the stack's file without quotes is told as the time that YAML made of it", async () => {
    const from = "2026-01-01T18:00:00Z";
    shop.levers({ freezes: [{ from, until: inHours(5), reason: "Busy" }] });
    const file = join(shop.checkout.folder, "stacks/Pulumi.shop.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(`"${from}"`, from));
    expect(told((await shop.preview()).all)).toEqual([
      "error: 1 lever of stack shop cannot be used. Nothing was changed.",
      'freezes[0].from: "2026-01-01 18:00:00 +0000 UTC" is what YAML makes of a time without quotes, whether or not it had a zone; quote it',
      "mend it with: pulumi config set --path 'freezes[0].from' 2026-01-01T18:00:00Z",
    ]);
    await shop.run("config set --path freezes[0].from 2026-01-01T18:00:00Z");
    expect(Object.keys(await refused())).toEqual(["change-freeze"]);
  });
});

describe("the drill of the level that leads back", () => {
  it("is overdue, in the future by a wrong clock, or not known, each said as it is", async () => {
    shop.drilled("2026-01-05T10:00:00Z");
    const [overdue] = (await refused())["level-drilled"] ?? [];
    expect(overdue).toMatch(
      /^levels\.traffic: drilled \d+ days ago, at 2026-01-05T10:00:00\.000Z; the plan asks for a drill every 31 days\n/,
    );
    const tomorrow = inHours(24);
    shop.drilled(tomorrow);
    const [skewed = ""] = (await refused())["level-drilled"] ?? [];
    expect(skewed.startsWith(`levels.traffic: drilled at ${tomorrow}, which is in the future: it is `)).toBe(true);
    shop.checkout.write("stacks/drills/shop.json", '{"traffic": 4}');
    expect(await refused()).toEqual({
      "level-drilled": [
        "stacks/drills/shop.json: traffic: expected { at, seconds }, got 4\nmend it with: rm stacks/drills/shop.json && npm run drill -- shop --record",
      ],
    });
  });
});

describe("an exemption", () => {
  it("in force lets its rule's finding through, and is told on every run whether or not anything needs it", async () => {
    const [needed, idle, ofResource] = [inHours(24), inHours(25), inHours(26)];
    shop.checkout.write("stacks/drills/shop.json", "{}");
    const exemptions = [exemption("level-drilled", needed), exemption("change-freeze", idle), exemption("image-by-digest", ofResource)];
    shop.levers({ exemptions });
    const { all } = await shop.preview();
    expect(refusals(all)).toEqual({});
    const head = (policy: string, until: string) =>
      `warning: exempt from ${policy} until ${until} (lead:cy: The drill's cluster is broken)`;
    expect(told(all)).toEqual([
      `${head("level-drilled", needed)}: levels.traffic: never drilled; the plan asks for a drill every 31 days`,
      `${head("change-freeze", idle)}: nothing needs it now; remove exemptions[1] once nothing will`,
      `${head("image-by-digest", ofResource)}: the policy pack names each resource that needs it`,
    ]);
  });

  it("that has expired is refused, and goes with the command of the message", async () => {
    shop.levers({ exemptions: [exemption("change-freeze", inHours(-1))] });
    const { all = "" } = await shop.preview();
    expect(refusals(all).exemptions?.[0]).toMatch(
      /^exemptions\[0\]: the exemption from change-freeze expired at .*\nmend it with: pulumi config rm --path 'exemptions\[0\]'$/,
    );
    await shop.run(mending(all, "exemptions").replaceAll("'", ""));
    expect(await refused()).toEqual({});
  });

  it("from a rule that there is not is refused with the nearest one, before anything is asked", async () => {
    shop.levers({ exemptions: [exemption("level-driled", inHours(1))] });
    const [, message, command] = told((await shop.preview()).all);
    expect(message).toMatch(
      /^exemptions\[0\]\.policy: "level-driled" is no rule that knows exemptions\. Did you mean level-drilled\? There are /,
    );
    expect(command).toBe("mend it with: pulumi config set --path 'exemptions[0].policy' level-drilled");
  });

  it("of one resource lets that one through, named by the pack", async () => {
    const stray = (name: string) =>
      `new k8s.core.v1.Pod("${name}", { spec: { containers: [{ name: "c", image: "registry.example/c:latest" }] } });\n`;
    const program = join(shop.checkout.folder, "stacks/index.ts");
    appendFileSync(program, `import * as k8s from "@pulumi/kubernetes";\n${stray("one")}${stray("two")}`);
    const until = inHours(24);
    shop.levers({ exemptions: [exemption("image-by-digest", until, "one")] });
    const { all } = await shop.preview();
    expect(refusals(all)["image-by-digest"]).toHaveLength(1);
    expect(all).toContain("image-by-digest  (kubernetes:core/v1:Pod: two)");
    expect(told(all)).toContain(
      `exempt from image-by-digest until ${until} (lead:cy: The drill's cluster is broken): one: spec.containers[0].image: is "registry.example/c:latest"; expected a name and a digest`,
    );
  });
});
