import { describe, expect, it } from "vitest";
import type { Level } from "../../../components/plan/plan.ts";
import type { Difference } from "../../../pages/goldens/difference.ts";
import { comment } from "../../../preview/comment.ts";
import type { Finding } from "../../../preview/engine.ts";
import type { LevelPreview } from "../../../preview/levels.ts";
import type { StackPreview } from "../../../preview/stack.ts";
import { level as levelSetting } from "../flags/plans.ts";

const nothing: Difference = { changes: [], gone: [], same: [] };

/** A new ConfigMap with that much in it. */
function made(characters: number): Difference {
  const resource = { type: "kubernetes:core/v1:ConfigMap", name: "shop", inputs: { data: "x".repeat(characters) }, waitsFor: [] };
  return { ...nothing, changes: [{ resource, place: 1, fields: undefined, instead: undefined, made: true }] };
}

const finding = (rule: string, message: string, mend = "pulumi config set aiProvider openai"): Finding => ({
  rule,
  severity: "high",
  resource: "shop",
  message,
  mend,
});

const level = (name: string, rest: Partial<LevelPreview> = {}): LevelPreview => ({
  name,
  level: { ...(levelSetting({ path: "aiProvider", value: "openai" }) as Level), title: `Level ${name}` },
  steps: [{ commands: ["pulumi config set aiProvider openai", "pulumi up"], difference: nothing }],
  impossible: undefined,
  refused: [],
  paperwork: [],
  notHere: false,
  ...rest,
});

const preview = (stack: string, rest: Partial<StackPreview> = {}): StackPreview => ({
  stack,
  system: stack,
  why: { "its levers": [`stacks/Pulumi.${stack}.yaml`] },
  title: "Shop",
  levers: [],
  ground: "state",
  proposed: { refused: [], advised: [], exempt: [], difference: nothing },
  failure: undefined,
  levels: [level("flag")],
  drills: {},
  withoutGoogleCloud: false,
  ...rest,
});

describe("a comment on several stacks", () => {
  it("begins with what is wrong, in a line each, and a row a stack", () => {
    const impossible = level("image", { steps: [], impossible: "previous.image: not set" });
    const refused = { refused: [finding("hold-time", "too early")], advised: [], exempt: [], difference: nothing };
    const text = comment([
      preview("chat"),
      preview("easymo", { failure: "no plan" }),
      preview("shop", { proposed: refused, levels: [level("flag"), impossible] }),
    ]);
    expect(text.split("\n").slice(0, 13)).toEqual([
      "<!-- rollback-stacks preview -->",
      "## ❌ Not to be merged as it is: `easymo`, `shop`",
      "",
      "- `easymo`: the change cannot be carried out",
      "- `shop`: rolling back by `image` (Level image) becomes impossible",
      "- `shop`: refused by `hold-time`",
      "",
      "| stack | resources | rules | if this goes wrong |",
      "| --- | --- | --- | --- |",
      "| ✅ `chat` | nothing | none refuses | 1 of 1 levels possible |",
      "| ❌ `easymo` | cannot be carried out | – | – |",
      "| ❌ `shop` | nothing | refused by `hold-time` | 1 of 2 levels possible |",
      "",
    ]);
  });
});

describe("what the policy pack says", () => {
  it("is an entry for each rule and what mends it; advice and exemptions are said too", () => {
    const refused = [finding("hold-time", "canary.weight: too early"), finding("hold-time", "aiProvider: too early")];
    const advised = [finding("resource-limits", "no limit", "in the program, limits = { memory: … }")];
    const text = comment([
      preview("shop", { proposed: { refused, advised, exempt: ["exempt from image-by-digest: shop"], difference: nothing } }),
    ]);
    expect(text).toContain(
      "> - **hold-time** (high), on `shop`: canary.weight: too early; aiProvider: too early\n>   ```sh\n>   pulumi config set aiProvider openai\n>   ```",
    );
    expect(text).toContain(
      "**Advised**:\n\n- **resource-limits** (high), on `shop`: no limit\n  ```text\n  in the program, limits = { memory: … }\n  ```",
    );
    expect(text).toContain("**Exempt**:\n\n- exempt from image-by-digest: shop");
  });
});

describe("a level's row", () => {
  const rowOf = (rest: Partial<StackPreview>) =>
    comment([preview("shop", rest)])
      .split("\n")
      .find((line) => line.startsWith("| Level"));

  it("has when it was last drilled, and how long that took", () => {
    expect(rowOf({ drills: { flag: { at: "2026-11-01T10:00:00.000Z", seconds: 1.8421 } } })).toContain("| 2026-11-01, safe after 1.8 s |");
    expect(rowOf({})).toContain("| no record |");
  });

  it("has first what is to be written down when it is needed", () => {
    const paperwork = [finding("approvals", "change.approvedBy: nobody", "pulumi config set --path 'change.approvedBy[0]' lead:<person>")];
    expect(rowOf({ levels: [level("flag", { paperwork })] })).toContain(
      "| `pulumi config set --path 'change.approvedBy[0]' lead:<person>`<br>`pulumi config set aiProvider openai`<br>`pulumi up` |",
    );
  });
});

describe("a comment that would be too long", () => {
  const figures = (characters: number, levels: number) =>
    comment([
      preview("shop", {
        proposed: { refused: [], advised: [], exempt: [], difference: made(characters) },
        levels: [level("flag", { steps: [{ commands: ["pulumi up"], difference: made(levels) }] })],
      }),
    ]);
  const folds = (text: string) => [...text.matchAll(/<summary>(.*)<\/summary>/g)].map(([, summary]) => summary);

  it("leaves out the levels' fields first, then the change's, and says so", () => {
    expect(folds(figures(100, 100))).toEqual(["Every field that changes, in order", "What each level changes, field by field"]);
    expect(folds(figures(100, 70_000))).toEqual(["Every field that changes, in order"]);
    expect(folds(figures(70_000, 100))).toEqual([]);
    expect(figures(100, 70_000)).toContain("Too long for one comment: fields are left out.");
    expect(figures(100, 100)).not.toContain("Too long");
  });

  it("is cut at a line's end where that is not enough", () => {
    const text = comment([preview("shop", { failure: "word ".repeat(20_000) }), preview("zoo")]);
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/Too long for one comment: the rest is left out\. .*\*\n$/);
  });
});
