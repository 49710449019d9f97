import { describe, expect, it } from "vitest";
import { found, image, type Sets, shopWith, type Update, updateOf } from "../../test/unit/guards/shop.ts";
import { nextMilestone } from "./nextMilestone.ts";

const problems = (sets: Sets, more: Update = {}): string[] => found(nextMilestone, updateOf({ sets, ...more }));

describe("next-milestone", () => {
  it("lets something new reach more by the next milestone, or stop on the way to it", () => {
    expect(problems({ "canary.weight": 50 })).toEqual([]);
    expect(problems({ "canary.weight": 30 })).toEqual([]);
  });
  it("refuses to leave one out, in one message where the provider rises with the canary", () =>
    expect(problems({ "canary.weight": 75 })).toEqual([
      "canary.weight: it is at 10 %, and the plan's next milestone is 50 %, not 75 % | pulumi config set --path canary.weight 50",
    ]));
  it("always lets it reach less", () => expect(problems({ "canary.weight": 0 }, { verified: [{ "canary.weight": 75 }] })).toEqual([]));
  it("refuses a provider that stable gets all at once, and goes back to where it is", () =>
    expect(problems({ "stable.aiProvider": undefined })).toEqual([
      "aiProvider: it is at 10 %, and the plan's next milestone is 50 %, not 100 % | pulumi config set --path stable.aiProvider openai",
    ]));
  it("says of flags and groups what was pulled, and how to get to the milestone", () => {
    expect(problems({ "flags.search": true })).toEqual([
      "flags.search: it is at 0 %, and the plan's next milestone is 10 %, not 100 % | pulumi config rm --path flags.search && pulumi config set --path flags.search.percentage 10",
    ]);
    expect(problems({ "flags.search.percentage": 60 })).toEqual([
      "flags.search: it is at 0 %, and the plan's next milestone is 10 %, not 60 % | pulumi config set --path flags.search.percentage 10",
    ]);
    const grouped = [{ "flags.search": true, "flags.advice": true, "flags.assistants.percentage": 10 }];
    expect(problems({ "flags.assistants.percentage": 90 }, { verified: grouped })).toEqual([
      "flags.assistants: it is at 10 %, and the plan's next milestone is 50 %, not 90 % | pulumi config set --path flags.assistants.percentage 50",
    ]);
  });
  it("counts a safeguard by those for whom it is off", () =>
    expect(problems({ "flags.askFirst": false })).toEqual([
      "flags.askFirst: it is at 0 %, and the plan's next milestone is 10 %, not 100 % | pulumi config rm --path flags.askFirst && pulumi config set --path flags.askFirst.percentage 90",
    ]));
  it("knows no steps for a flag that the app only switches on or off", () => expect(problems({ "flags.voice": true })).toEqual([]));
  it("counts a first update from 0 %", () =>
    expect(problems({ "canary.weight": 50 }, { verified: [] })).toEqual([
      "canary.weight: nothing verified is known of before, which counts as 0 %, and the plan's next milestone is 10 %, not 50 % | pulumi config set --path canary.weight 10",
    ]));
  it("leaves what an older record does not know as it was alone", () => {
    const change = updateOf({ verified: [{ "canary.weight": 50 }], sets: { "stable.image": image("b") } });
    const { levers, exposure, ...older } = change.last ?? { tracks: [], selector: {}, settings: [], flags: [], credentials: {} };
    expect(found(nextMilestone, { ...change, last: older, forward: ["stable.image"] })).toEqual([]);
  });
  it("asks nothing of a plan without milestones", () =>
    expect(problems({ "canary.weight": 75 }, { plan: shopWith({ milestones: [] }) })).toEqual([]));
});
