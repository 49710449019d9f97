import { describe, expect, it } from "vitest";
import { nextLevel } from "../../../cli/change/failure.ts";
import { levelOf, stepsOf } from "../../../cli/change/leversAfter.ts";
import { changeRecord } from "../../../cli/change/record.ts";
import { differences, editsOf, leversOf, withLever } from "../../../cli/stack/levers.ts";
import { edited } from "../../../cli/stack/stackDocument.ts";
import { commandLine, leverArguments } from "../../../components/levers/commands.ts";
import mindmend from "../../../stacks/mindmend.ts";

const typed = (from: object, to: object) => leversOf(differences(from, to)).map((lever) => commandLine(leverArguments(lever)));

describe("the commands that a change of levers stands for", () => {
  it.each([
    ["a lever", { aiProvider: "gemini" }, { aiProvider: "openai" }, ["pulumi config set aiProvider openai"]],
    [
      "a part of one",
      { canary: { image: "a", weight: 25 } },
      { canary: { image: "a", weight: 0 } },
      ["pulumi config set --path canary.weight 0"],
    ],
    ["one that goes", { canary: { image: "a", weight: 25 } }, {}, ["pulumi config rm canary"]],
    [
      "one that comes",
      {},
      { canary: { image: "a", weight: 25 } },
      ["pulumi config set --path canary.image a", "pulumi config set --path canary.weight 25"],
    ],
    [
      "a list that takes the place of another",
      { pins: { tenants: ["a", "b"] } },
      { pins: { tenants: ["c"] } },
      ["pulumi config rm --path pins.tenants", "pulumi config set --path 'pins.tenants[0]' c"],
    ],
  ])("%s", (_, from, to, commands) => expect(typed(from, to)).toEqual(commands));

  it("are none where only the order of keys differs, as between a stack's file and its state", () =>
    expect(typed({ canary: { image: "a", weight: 1 } }, { canary: { weight: 1, image: "a" } })).toEqual([]));
});

describe("a stack's file with other levers", () => {
  const text = `# Why we are on gemini: INC-3
encryptionsalt: v1:salt
config:
  shop:aiProvider: gemini # since Monday
  shop:canary:
    image: a
    weight: 25
  shop:credentials:
    openai:
      apiKey:
        secure: v1:ciphertext
`;
  it("keeps comments, order and secrets", () => {
    const from = { aiProvider: "gemini", canary: { image: "a", weight: 25 } };
    const to = { aiProvider: "openai", canary: { image: "a", weight: 0 }, pins: { tenants: ["x"] } };
    expect(edited(text, "shop", editsOf(differences(from, to)))).toBe(`# Why we are on gemini: INC-3
encryptionsalt: v1:salt
config:
  shop:aiProvider: openai # since Monday
  shop:canary:
    image: a
    weight: 0
  shop:credentials:
    openai:
      apiKey:
        secure: v1:ciphertext
  shop:pins:
    tenants:
      - x
`);
  });

  it("gives a map the place of a single value", () =>
    expect(edited("config:\n  shop:flags: true\n", "shop", [{ path: ["flags", "retry", "enabled"], value: false }])).toBe(
      "config:\n  shop:flags:\n    retry:\n      enabled: false\n",
    ));

  it("loses what a change takes away", () =>
    expect(edited("config:\n  shop:a: 1\n  shop:b: 2\n", "shop", [{ path: ["a"], value: undefined }])).toBe("config:\n  shop:b: 2\n"));
});

describe("the levers after a level", () => {
  const before = { aiProvider: "gemini", stable: { image: "new" }, previous: { image: "old" }, canary: { image: "new", weight: 25 } };

  it("follow its steps", () =>
    expect(stepsOf(mindmend, "container", before, {})).toEqual([
      { title: undefined, levers: { aiProvider: "gemini", stable: { image: "old" }, previous: { image: "old" } } },
    ]));

  it("take what a person chose", () =>
    expect(stepsOf(mindmend, "endpoint", before, { "pins.endpoints": "/x" })[0]?.levers).toMatchObject({ pins: { endpoints: "/x" } }));

  it("cannot be had where a person has to choose and did not, which says how", () =>
    expect(() => stepsOf(mindmend, "endpoint", before, {})).toThrow("rollback to endpoint --choose pins.endpoints=<path of the endpoint>"));

  it("cannot be had where a lever takes its value from one that is not set, which says how to set it", () =>
    expect(() => stepsOf(mindmend, "container", { ...before, previous: undefined }, {})).toThrow(
      "mend it with: pulumi config set --path previous.image <value>",
    ));

  it("are of a level that there is; the nearest is named", () =>
    expect(() => levelOf(mindmend, "trafic")).toThrow(
      "no level trafic. Did you mean traffic? It has flag, traffic, container, database, endpoint, segment.",
    ));

  it("leave other levers as they are", () => expect(withLever({ a: 1, b: { c: 2 } }, ["b", "d"], 3)).toEqual({ a: 1, b: { c: 2, d: 3 } }));
});

describe("the level to go on to", () => {
  const before = { aiProvider: "gemini", stable: { image: "new" }, previous: { image: "old" } };
  it("is the next in the plan's order", () => expect(nextLevel(mindmend, "flag", before)?.name).toBe("traffic"));
  it("is none that leaves something to a person", () => expect(nextLevel(mindmend, "container", before)).toBeUndefined());
});

describe("what is recorded of a change", () => {
  const told = { by: "ada", reason: "p95 3x", incident: "INC-7" };
  const used = { level: "flag", approvedBy: ["lead:bob"], requestedBy: "bob" };
  const last = {
    startedAt: "",
    endedAt: "",
    result: "succeeded" as const,
    message: "",
    levers: { change: Object.fromEntries(Object.entries(used).reverse()) },
  };

  it("is who, why, which incident and which level", () =>
    expect(changeRecord({ level: "flag" }, told, {}, undefined)).toEqual({
      level: "flag",
      requestedBy: "ada",
      reason: "p95 3x",
      incident: "INC-7",
    }));
  it("has the approvals that were put there for it", () =>
    expect(changeRecord({ level: "traffic" }, told, { change: { approvedBy: ["lead:bob"] } }, last)).toMatchObject({
      approvedBy: ["lead:bob"],
      level: "traffic",
    }));
  it("has none of the change before", () =>
    expect(changeRecord({}, told, { change: used }, last)).toEqual({ requestedBy: "ada", reason: "p95 3x", incident: "INC-7" }));
});
