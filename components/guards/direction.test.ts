import { describe, expect, it } from "vitest";
import { image, level, type Sets, shop, shopWith, type Update, updateOf } from "../../test/unit/guards/shop.ts";
import { definePlan } from "../plan/plan.ts";
import { forwardMoves } from "./direction.ts";

const forward = (sets: Sets, more: Update = {}): readonly string[] => updateOf({ sets, ...more }).forward;

describe("an update that changes nothing", () => {
  it("moves nothing forward", () => expect(forward({})).toEqual([]));
});

describe("traffic", () => {
  it("moves forward where the canary gets more of it", () => expect(forward({ "canary.weight": 50 })).toEqual(["canary.weight"]));
  it("moves back where it gets less", () => expect(forward({ "canary.weight": 5 })).toEqual([]));
  it("moves back where the canary is removed", () => expect(forward({ canary: undefined })).toEqual([]));
  it("moves forward where removing it leaves more to the candidate, unless a level says so", () => {
    const update = { verified: [{ "stable.aiProvider": undefined, "canary.aiProvider": "openai" }] };
    const plan = shopWith({ levels: { provider: level({ path: "aiProvider", value: "openai" }) } });
    expect(forward({ canary: undefined }, { ...update, plan })).toEqual(["canary.weight", "canary.aiProvider"]);
    expect(forward({ canary: undefined }, update)).toEqual([]);
  });
  it("does not move where a canary without traffic is added", () =>
    expect(forward({ canary: { image: image("b"), weight: 0 } }, { verified: [{ canary: undefined }] })).toEqual([]));
  it("moves forward where a canary with traffic is added", () =>
    expect(forward({ canary: { image: image("b"), weight: 10 } }, { verified: [{ canary: undefined }] })).toEqual([
      "canary.image",
      "canary.weight",
    ]));
  it("moves forward where pinned requests may reach the canary, and back where more are pinned", () => {
    const gateway = { "traffic.mode": "gateway", "traffic.gateway.name": "public", "pins.endpoints": "/a,/b" };
    expect(forward({ "pins.endpoints": "/a" }, { verified: [gateway] })).toEqual(["pins.endpoints"]);
    expect(forward({ "pins.endpoints": "/a,/b,/c" }, { verified: [gateway] })).toEqual([]);
    expect(forward({ pins: undefined }, { verified: [gateway] })).toEqual(["pins.endpoints"]);
    expect(forward({ pins: undefined, "canary.weight": 0 }, { verified: [gateway] })).toEqual([]);
  });
  it("moves forward where something else weighs it", () =>
    expect(forward({ "traffic.mode": "gateway", "traffic.gateway.name": "public" })).toEqual(["traffic.mode", "traffic.gateway.name"]));
});

describe("the provider", () => {
  it("moves back to the fallback", () => expect(forward({ aiProvider: "openai" })).toEqual([]));
  it("moves back where a track pins the fallback", () => {
    expect(forward({ "canary.aiProvider": "openai" })).toEqual([]);
    expect(forward({ "stable.aiProvider": "openai" }, { verified: [{ "stable.aiProvider": undefined }] })).toEqual([]);
  });
  it("moves forward where stable pins it no longer", () =>
    expect(forward({ "stable.aiProvider": undefined })).toEqual(["stable.aiProvider"]));
  it("moves forward to the candidate", () =>
    expect(forward({ aiProvider: "gemini" }, { verified: [{ aiProvider: "openai" }] })).toEqual(["aiProvider"]));
  it("moves forward from one that is no fallback to another", () => expect(forward({ aiProvider: "vertex" })).toEqual(["aiProvider"]));
  it("does not move where every track that answers pins the fallback", () =>
    expect(forward({ aiProvider: "vertex", "canary.weight": 0 })).toEqual([]));
});

describe("an image", () => {
  const newer = [{}, { "previous.image": image("a"), "stable.image": image("b") }];

  it("moves forward where no verified update ran it", () => expect(forward({ "stable.image": image("b") })).toEqual(["stable.image"]));
  it("moves back to what a level returns to, which no update need have verified", () =>
    expect(forward({ "stable.image": image("0"), canary: undefined })).toEqual([]));
  it("moves back to what a verified update ran before", () =>
    expect(
      forward({ "stable.image": image("a") }, { verified: [...newer, { "previous.image": image("b"), "stable.image": image("c") }] }),
    ).toEqual([]));
  it("moves forward to what was rolled back from, though it was verified", () => {
    expect(forward({ "stable.image": image("b") }, { verified: [...newer, { "stable.image": image("a") }] })).toEqual(["stable.image"]);
  });
  it("moves forward where the canary's becomes stable's", () =>
    expect(forward({ "stable.image": image("b") }, { verified: [{}, { "canary.image": image("b") }] })).toEqual(["stable.image"]));
  it("does not move on a canary without traffic", () => {
    expect(forward({ "canary.image": image("b"), "canary.weight": 0 })).toEqual([]);
    expect(forward({ "canary.image": image("b") })).toEqual(["canary.image"]);
  });
  it("moves forward on a standby where it is new, not where stable runs it", () => {
    expect(forward({ "fallback.image": image("b") })).toEqual(["fallback.image"]);
    expect(forward({ "fallback.image": image("a") })).toEqual([]);
    expect(forward({ fallback: undefined }, { verified: [{ "fallback.image": image("a") }] })).toEqual([]);
  });
  it("moves forward where a level would return to one that nobody ran", () => {
    expect(forward({ "previous.image": image("9") })).toEqual(["previous.image"]);
    expect(forward({ "previous.image": image("9"), "stable.image": image("9") })).toEqual(["stable.image", "previous.image"]);
    expect(forward({ previous: undefined })).toEqual([]);
  });
});

describe("a flag", () => {
  const half = [{ "flags.search.percentage": 50 }];

  it("moves forward for more users and back for fewer", () => {
    expect(forward({ "flags.search.percentage": 100 }, { verified: half })).toEqual(["flags.search.percentage"]);
    expect(forward({ "flags.search.percentage": 10 }, { verified: half })).toEqual([]);
    expect(forward({ "flags.search.enabled": false }, { verified: half })).toEqual([]);
    expect(forward({ "flags.search.except.users": "ada" }, { verified: half })).toEqual([]);
    expect(forward({ "flags.search.only.users": "ada" }, { verified: half })).toEqual([]);
  });
  it("moves forward for whoever comes onto a list or off one", () => {
    const lists = [{ "flags.search.only.users": "ada,bob", "flags.advice.percentage": 50, "flags.advice.except.users": "cy" }];
    expect(forward({ "flags.search.only.users": "ada" }, { verified: lists })).toEqual([]);
    expect(forward({ "flags.search.only.users": "ada,eve" }, { verified: lists })).toEqual(["flags.search.only.users"]);
    expect(forward({ "flags.search.only": undefined, "flags.search.percentage": 1 }, { verified: lists })).toContain(
      "flags.search.percentage",
    );
    expect(forward({ "flags.advice.except": undefined }, { verified: lists })).toEqual(["flags.advice.except.users"]);
    expect(forward({ "flags.advice.except": undefined, "flags.advice.percentage": 0 }, { verified: lists })).toEqual([]);
  });
  it("moves with its group", () => {
    const grouped = [{ "flags.search.percentage": 100, "flags.assistants.percentage": 10 }];
    expect(forward({ "flags.assistants.percentage": 50 }, { verified: grouped })).toEqual(["flags.assistants.percentage"]);
    expect(forward({ "flags.assistants": undefined }, { verified: grouped })).toEqual(["flags.assistants.percentage"]);
    expect(forward({ "flags.assistants.percentage": 5 }, { verified: grouped })).toEqual([]);
    expect(forward({ "flags.assistants": false }, { verified: grouped })).toEqual([]);
    expect(forward({ "flags.assistants": undefined, "flags.search.percentage": 5 }, { verified: grouped })).toEqual([]);
  });
  it("that is a safeguard moves forward where it is off for more", () => {
    expect(forward({ "flags.askFirst.percentage": 50 })).toEqual(["flags.askFirst.percentage"]);
    expect(forward({ "flags.askFirst": true }, { verified: [{ "flags.askFirst": false }] })).toEqual([]);
  });
  it("moves forward where it is new and on by the plan's default, without a lever", () => {
    const { known } = shop.flags;
    const more = shopWith({
      flags: { ...shop.flags, known: { ...known, tips: { description: "Tips", default: true, env: { enabled: "TIPS" } } } },
    });
    expect(forward({}, { plan: more, planBefore: shop })).toEqual(["flags.tips"]);
    expect(forward({ "canary.weight": 0 }, { plan: more, planBefore: shop })).toEqual(["flags.tips"]);
    expect(forward({ "canary.weight": 0, "flags.tips": false }, { plan: more, planBefore: shop })).toEqual([]);
  });
  it("does not move where the plan no longer has it", () => {
    const { search: _, ...known } = shop.flags.known;
    const { search: __, ...levels } = shop.levels;
    const fewer = definePlan({ ...shop, levels, flags: { ...shop.flags, known, groups: {} } });
    expect(forward({ flags: undefined }, { plan: fewer, planBefore: shop, verified: half })).toEqual([]);
  });
});

describe("a setting", () => {
  it("moves forward to a value that nobody tried, and back to what a level leaves", () => {
    expect(forward({ "settings.attempts": 5 })).toEqual(["settings.attempts"]);
    expect(forward({ "settings.attempts": 1 })).toEqual([]);
  });
  it("moves back to what a rollout replaced, however many ago, and forward again from there", () => {
    const rollouts = [{}, { "settings.attempts": 5 }, { "settings.attempts": 7 }];
    expect(forward({ "settings.attempts": 5 }, { verified: rollouts })).toEqual([]);
    expect(forward({ "settings.attempts": undefined }, { verified: rollouts })).toEqual([]);
    expect(forward({ "settings.attempts": 7 }, { verified: [...rollouts, { "settings.attempts": 5 }] })).toEqual(["settings.attempts"]);
  });
  it("moves forward where a level's rollback of it is undone", () =>
    expect(forward({ "settings.attempts": 3 }, { verified: [{}, { "settings.attempts": 1 }] })).toEqual(["settings.attempts"]));
  it("does not move where it is new in the plan, at its default", () => {
    const { attempts: _, ...settings } = shop.settings;
    const { attempts: __, ...levels } = shop.levels;
    const fewer = definePlan({ ...shop, settings, levels });
    expect(forward({}, { planBefore: fewer })).toEqual([]);
    expect(forward({ "settings.attempts": 9 }, { planBefore: fewer })).toEqual(["settings.attempts"]);
  });
  it("is the level's where the level leaves the value to a person", () => {
    const plan = shopWith({
      levels: { wait: level({ path: "settings.waitSeconds", value: 5, chosen: "seconds" }) },
      objectives: drilledBy("wait"),
    });
    expect(forward({ "settings.waitSeconds": 60 }, { plan })).toEqual([]);
    expect(forward({ "settings.attempts": 60 }, { plan })).toEqual(["settings.attempts"]);
  });
});

describe("features and maintenance", () => {
  it("move forward where a feature comes back, not where it goes", () => {
    expect(forward({ "features.reports": false })).toEqual([]);
    expect(forward({ "features.reports": true }, { verified: [{ "features.reports": false }] })).toEqual(["features.reports"]);
  });
});

describe("a level", () => {
  it("is a rollback in any combination with others", () =>
    expect(forward({ aiProvider: "openai", "canary.weight": 0, "settings.attempts": 1, "flags.search.enabled": false })).toEqual([]));
  it("is one in each of its steps, alone or all at once", () => {
    const plan = shopWith({
      levels: {
        off: {
          ...level(),
          steps: [
            { levers: [{ path: "flags.search", value: false }] },
            {
              levers: [
                { path: "features.reports", value: true },
                { path: "stable.image", sameAs: "previous.image" },
              ],
            },
          ],
        },
      },
      objectives: drilledBy("off"),
    });
    const before = { "flags.search": true, "features.reports": false };
    const second = { "features.reports": true, "stable.image": image("0") };
    expect(forward({ "flags.search": false }, { plan, verified: [before] })).toEqual([]);
    expect(forward(second, { plan, verified: [{ ...before, "flags.search": false }] })).toEqual([]);
    expect(forward({ "flags.search": false, ...second }, { plan, verified: [before] })).toEqual([]);
  });
  it("that takes a lever from another takes what that one was before the update", () => {
    const plan = shopWith({
      levels: { same: level({ path: "settings.waitSeconds", sameAs: "settings.attempts" }) },
      objectives: drilledBy("same"),
    });
    const verified = [{ "settings.attempts": 4, "settings.waitSeconds": 9 }];
    expect(forward({ "settings.waitSeconds": 4 }, { plan, verified })).toEqual([]);
    expect(forward({ "settings.waitSeconds": 8, "settings.attempts": 8 }, { plan, verified })).toEqual([
      "settings.attempts",
      "settings.waitSeconds",
    ]);
  });
  it("down to a percentage is none where it would raise it", () => {
    const plan = shopWith({ levels: { less: level({ path: "canary.weight", value: 10 }) }, objectives: drilledBy("less") });
    expect(forward({ "canary.weight": 10 }, { plan, verified: [{ "canary.weight": 50 }] })).toEqual([]);
    expect(forward({ "canary.weight": 10 }, { plan, verified: [{ "canary.weight": 0 }] })).toEqual(["canary.weight"]);
  });
  it("up to a percentage is one", () => {
    const plan = shopWith({ levels: { more: level({ path: "canary.weight", value: 75 }) }, objectives: drilledBy("more") });
    expect(forward({ "canary.weight": 75 }, { plan })).toEqual([]);
  });
  it("beside something new is a rollout", () =>
    expect(forward({ "canary.weight": 0, "stable.image": image("b") })).toEqual(["stable.image"]));
});

describe("the first update", () => {
  it("moves forward whatever exposes somebody to something new", () =>
    expect(forward({ "flags.voice": true }, { verified: [] })).toEqual(["stable.image", "canary.weight", "aiProvider", "flags.voice"]));
});

describe("an update after a record of a version that kept no levers", () => {
  const unknown = (verified: Sets, sets: Sets): readonly string[] => {
    const { last, ...update } = updateOf({ verified: [verified], sets });
    const { levers, exposure, images, version, settingsReplaced, capacity, ...older } = last ?? {};
    return forwardMoves({ ...update, last: older as typeof last });
  };

  it("moves nothing forward that is as it was", () => expect(unknown({}, {})).toEqual([]));
  it("is a rollback where it carries out levels, or lowers the canary", () => {
    expect(unknown({}, { "canary.weight": 0 })).toEqual([]);
    expect(unknown({}, { aiProvider: "openai" })).toEqual([]);
    expect(unknown({}, { "stable.image": image("0"), canary: undefined })).toEqual([]);
    expect(unknown({ "canary.weight": 50 }, { "canary.weight": 25 })).toEqual([]);
  });
  it("moves forward where an image, the canary or a provider is new", () => {
    expect(unknown({}, { "stable.image": image("b") })).toEqual(["stable.image"]);
    expect(unknown({}, { "canary.weight": 75 })).toEqual(["canary.weight"]);
    expect(unknown({}, { "stable.aiProvider": undefined })).toEqual(["aiProvider"]);
  });
  it("moves forward where a flag is on and the flags' definitions are others", () =>
    expect(unknown({}, { "flags.voice": true })).toEqual(["flags.voice"]));
});

function drilledBy(levelName: string) {
  return { ...shop.objectives, drill: { ...shop.objectives.drill, level: levelName } };
}
