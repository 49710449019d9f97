import { describe, expect, it } from "vitest";
import { found, type Sets, shop, shopWith, updateOf } from "../../test/unit/guards/shop.ts";
import type { PlanInput } from "../plan/plan.ts";
import { newFlagsOff } from "./newFlagsOff.ts";

type Flag = NonNullable<NonNullable<PlanInput["flags"]>["known"]>[string];

/** A flag that comes with the update, or with one before it. */
const problems = (flag: Partial<Flag>, sets: Sets, since: "this update" | "the one before" = "this update"): string[] => {
  const variables = { enabled: "TIPS", percentage: "TIPS_PERCENT", only: { users: "TIPS_USERS" }, except: {} };
  const tips: Flag = { description: "Tips", env: variables, ...flag };
  const plan = shopWith({ flags: { ...shop.flags, known: { ...shop.flags.known, tips } } });
  return found(newFlagsOff, updateOf({ plan, planBefore: since === "this update" ? shop : plan, sets }));
};

describe("new-flags-off", () => {
  it("lets a new flag start off", () => {
    expect(problems({}, {})).toEqual([]);
    expect(problems({ default: true }, { "flags.tips": false })).toEqual([]);
  });
  it("refuses one that is on, by a lever, for some, or by the plan's default", () => {
    const refused = ["flags.tips: is a new flag and on for some; expected off | pulumi config set --path flags.tips false"];
    expect(problems({}, { "flags.tips": true })).toEqual(refused);
    expect(problems({}, { "flags.tips.only.users": "ada" })).toEqual(refused);
    expect(problems({ default: true }, {})).toEqual(refused);
  });
  it("expects a new safeguard on", () => {
    expect(problems({ safe: "on", default: true }, {})).toEqual([]);
    expect(problems({ safe: "on", default: true }, { "flags.tips.percentage": 50 })).toEqual([
      "flags.tips: is a new safeguard and off for some; expected on for everybody | pulumi config set --path flags.tips true",
    ]);
  });
  it("asks nothing of a flag that a verified update had, nor on a first update", () => {
    expect(problems({}, { "flags.tips": true }, "the one before")).toEqual([]);
    expect(found(newFlagsOff, updateOf({ verified: [], sets: { "flags.voice": true } }))).toEqual([]);
  });
});
