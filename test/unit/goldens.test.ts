import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { difference } from "../../pages/goldens/difference.ts";
import { goldens } from "../../pages/goldens/goldens.ts";
import { credential } from "../../pages/goldens/levers.ts";
import { allGoldens, goldensFolder } from "../../pages/goldens/main.ts";
import { withoutSecrets } from "../../pages/goldens/secrets.ts";
import { differenceText } from "../../pages/goldens/text.ts";
import type { Resource, Resources } from "../../pages/goldens/update.ts";
import { plans } from "../../stacks/plans.ts";
import { level, planWith } from "./flags/plans.ts";

let files: Record<string, string>;

beforeAll(async () => {
  files = await allGoldens();
}, 60_000);

describe("the goldens", () => {
  it("are what each level changes now; `npm run goldens` writes them", () => {
    const committed = readdirSync(goldensFolder).map((name) => [name, readFileSync(join(goldensFolder, name), "utf8")]);
    expect(Object.fromEntries(committed), "test/goldens/ is not what the plans do now. Rewrite it with: npm run goldens").toEqual(files);
  });

  it("hold every system's resources before a rollback, and every level of it", async () => {
    const wanted = Object.entries(plans).map(async ([system, load]) =>
      [`${system}.before.yaml`, ...Object.keys((await load()).levels).map((name) => `${system}.${name}.txt`)].sort(),
    );
    expect(Object.keys(files).sort()).toEqual((await Promise.all(wanted)).flat().sort());
  });

  it("hold no credential", () => {
    expect(Object.values(files).filter((text) => text.includes(credential))).toEqual([]);
  });
});

describe("what a level does, as text", () => {
  const stack = { "rollback-stacks:system": "shop", "rollback-stacks:stable": { image: `shop@sha256:${"a".repeat(64)}` } };
  const stacked = async (plan: ReturnType<typeof planWith>): Promise<string> => (await goldens(plan, stack))["shop.provider.txt"] ?? "";

  it("goes on, in each step, from where the one before it left the system", async () => {
    const both = { ...level(), steps: [{ title: "Leave", levers: [{ path: "aiProvider", value: "openai" }] }] };
    both.steps.push({ title: "Come back", levers: [{ path: "aiProvider", value: "gemini" }] });
    const text = await stacked(planWith({}, { levels: { provider: both } }));
    expect(
      text.split("\n").filter((line) => /^Step|AI_PROVIDER/.test(line.trim().replace(/^~ /, "")) || line.includes("AI_PROVIDER")),
    ).toEqual([
      "Step 1 of 2: Leave",
      "       ~ spec.template.spec.containers[app].env[AI_PROVIDER].value: gemini → openai",
      "Step 2 of 2: Come back",
      "       ~ spec.template.spec.containers[app].env[AI_PROVIDER].value: openai → gemini",
    ]);
  });

  it("shows flags' definitions by what differs from the version before", async () => {
    const flags = { known: { voice: { description: "Voice", rows: [], default: true } }, file: "/etc/flagd/flags.json" };
    const text = await stacked(planWith(flags, { levels: { provider: level({ path: "flags.voice", value: false }) } }));
    expect(text).toContain(
      '1. + ConfigMap shop-flags-#2, which differs from shop-flags-#1:\n       ~ data["flags.flagd.json"].flags.voice.targeting.if[0]: false → true\n       ~ metadata.name: shop-flags-#1 → shop-flags-#2\n',
    );
  });
});

const resource = (name: string, inputs: Record<string, unknown>, ...waitsFor: string[]): [string, Resource] => [
  name,
  { type: "kubernetes:v1:Thing", name, inputs, waitsFor },
];
const made = (...all: [string, Resource][]): Resources => new Map(all);

describe("the difference between two updates", () => {
  it("is ordered by what waits for what, over what stays as it is", () => {
    const before = made(resource("last", { a: 1 }), resource("between", {}), resource("first", { a: 1 }));
    const after = made(resource("last", { a: 2 }, "between"), resource("between", {}, "first"), resource("first", { a: 2 }));
    expect(differenceText(difference(before, after))).toBe(
      "1. ~ Thing first\n       ~ a: 1 → 2\n\n2. ~ Thing last\n       ~ a: 1 → 2\n\nStays as it is:\n   = Thing between\n",
    );
  });

  it("has what goes at the end, and new resources in full", () => {
    const after = made(resource("new", { spec: { ports: [80] } }));
    expect(differenceText(difference(made(resource("old", {})), after))).toBe(
      "1. + Thing new\n       spec:\n         ports:\n           - 80\n\nlast - Thing old\n",
    );
  });

  it("says so when there is none", () => {
    const same = made(resource("same", { a: 1 }));
    expect(differenceText(difference(same, same))).toBe("Nothing changes.\n\nStays as it is:\n   = Thing same\n");
  });

  it("names entries of lists, and puts what is long on lines of its own", () => {
    const env = (...entries: [string, string][]) => ({ env: entries.map(([name, value]) => ({ name, value })) });
    const [long, longer] = ["x".repeat(80), "y".repeat(80)];
    const before = made(resource("pod", env(["GONE", "1"], ["SAME", "1"], ["LONG", long])));
    const after = made(resource("pod", env(["SAME", "1"], ["LONG", longer], ["NEW", "2"])));
    expect(difference(before, after).changes[0]?.fields).toEqual([
      '- env[GONE]: { name: GONE, value: "1" }',
      `~ env[LONG].value:\n    ${long}\n  → ${longer}`,
      '+ env[NEW]: { name: NEW, value: "2" }',
    ]);
  });
});

describe("secrets", () => {
  const secret = (value: unknown) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });

  it("are left out wherever Pulumi knows them, their keys told", () => {
    expect(withoutSecrets("kubernetes:v1:Thing", { a: [secret("s1")], b: secret({ key: "s2" }), c: "shown" })).toEqual({
      a: ["(secret)"],
      b: { key: "(secret)" },
      c: "shown",
    });
  });

  it("are left out of a Kubernetes Secret even where nobody marked them", () => {
    expect(withoutSecrets("kubernetes:core/v1:Secret", { data: { key: "czE=" }, stringData: { key: "s2" } })).toEqual({
      data: { key: "(secret)" },
      stringData: { key: "(secret)" },
    });
  });
});
