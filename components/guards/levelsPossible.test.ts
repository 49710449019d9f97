import { describe, expect, it } from "vitest";
import { found, level, type Sets, shop, shopWith, type Update, updateOf } from "../../test/unit/guards/shop.ts";
import { levelsPossible } from "./levelsPossible.ts";

const page = { title: "Back soon", text: "We are at work." };
const plan = shopWith({
  maintenance: page,
  before: { ...shop.before, flags: { search: { enabled: true } } },
  levels: {
    ...shop.levels,
    stop: level({ path: "maintenance", value: true }),
    wait: level({ path: "settings.waitSeconds", sameAs: "settings.attempts" }),
    endpoint: { ...level({ path: "pins.endpoints", value: "/a", chosen: "path" }), traffic: "gateway" },
    without: level({ path: "flags.search.except.users", value: "ada", chosen: "user,user" }),
  },
});
const operations = `registry.example/operations@sha256:${"9".repeat(64)}`;
const ready = { "verification.image": operations };
const problems = (sets: Sets, more: Update = {}): string[] => found(levelsPossible, updateOf({ plan, sets, ...more }));

const noPage =
  "verification.image: level stop could not be carried out: missing: the page is served by the operations image | pulumi config set --path verification.image <name@sha256:digest>";

describe("levels-possible", () => {
  it("finds nothing where every level can be carried out", () =>
    expect(problems({ "canary.weight": 50 }, { verified: [ready] })).toEqual([]));
  it("names the level, what stops it and the command", () => expect(problems({ "canary.weight": 50 })).toEqual([noPage]));
  it("names every level that one thing stops", () => {
    const two = shopWith({
      maintenance: page,
      levels: { stop: level({ path: "maintenance", value: true }), halt: level({ path: "maintenance", value: true }) },
      objectives: { ...shop.objectives, drill: { ...shop.objectives.drill, level: "stop" } },
    });
    expect(found(levelsPossible, updateOf({ plan: two, verified: [] }))[0]).toContain("levels stop, halt could not be carried out");
  });
  it("refuses a level whose provider lost its credentials", () => {
    const away = shopWith({ levels: { ...shop.levels, away: level({ path: "aiProvider", value: "vertex" }) } });
    expect(problems({ "credentials.vertex": undefined, "canary.weight": 50 }, { plan: away })).toEqual([
      "credentials.vertex.apiKey: level away could not be carried out: missing: aiProvider needs it | pulumi config set --secret --path credentials.vertex.apiKey (it asks for the value)",
    ]);
  });
  it("refuses a level that takes a lever from another which is not set", () => {
    const { attempts: _, ...levels } = shop.levels;
    const bare = shopWith({
      settings: { ...shop.settings, attempts: { type: "integer", env: "ATTEMPTS", description: "Attempts" } },
      levels: { ...levels, wait: level({ path: "settings.waitSeconds", sameAs: "settings.attempts" }) },
    });
    expect(problems({ "canary.weight": 50 }, { plan: bare })).toEqual([
      "settings.attempts: level wait could not be carried out: it sets settings.waitSeconds to what settings.attempts is, which is not set | pulumi config set --path settings.attempts <value>",
    ]);
  });
  it("asks nothing of levels that have nothing to act on: without a canary, or for a Gateway in front of replicas", () =>
    expect(problems({ canary: undefined }, { verified: [ready] })).toEqual([]));
  it("leaves the release before to previous-image", () =>
    expect(problems({ previous: undefined, "canary.weight": 50 }, { verified: [ready] })).toEqual([]));
  it("asks nothing of what a person will choose", () =>
    expect(problems({ "flags.search.only.users": "ada" }, { verified: [ready] })).toEqual([]));
  it("holds back no rollback for what was impossible before", () => expect(problems({ "canary.weight": 0 })).toEqual([]));
  it("refuses a plan with such a level where no lever moves", () => expect(problems({})).toEqual([noPage]));
  it("holds back whatever makes a level impossible itself", () => {
    const gateway = { ...ready, "traffic.mode": "gateway", "traffic.gateway.name": "public", "canary.weight": 5 };
    const back = updateOf({ plan: eighty, verified: [gateway], sets: { "traffic.mode": "replicas" } });
    expect(found(levelsPossible, { ...back, forward: [] })).toEqual([
      "canary.weight: level eighty could not be carried out: 80 cannot be reached with replicas, which weigh up to 75 or 100; expected one of those, or a Gateway | pulumi config set --path canary.weight 0",
    ]);
  });
});

const eighty = shopWith({ levels: { ...shop.levels, eighty: level({ path: "canary.weight", value: 80 }) } });
