import { describe, expect, it } from "vitest";
import { levers } from "../../test/unit/shopChange.ts";
import { LeverError } from "./errors.ts";

/** What is refused of the shop's levers with these, each with the command that mends it. */
function refused(config: Record<string, unknown>) {
  try {
    levers(0, config);
    return [];
  } catch (error) {
    if (!(error instanceof LeverError)) throw error;
    return error.problems.map(({ path, message, command }) => [path, message, command]);
  }
}

const freeze = { from: "2026-11-21T00:00:00Z", until: "2026-11-22T00:00:00Z", reason: "Busy" };
const exemption = { policy: "approvals", reason: "Nobody is there", approvedBy: "lead:bob", expiresAt: "2026-11-22T00:00:00Z" };
const set = (path: string, value: string) => `pulumi config set --path ${path.includes("[") ? `'${path}'` : path} ${value}`;

describe("who approved", () => {
  const approved = (...approvedBy: unknown[]) => refused({ change: { approvedBy } });

  it("is a role of the plan and a person", () => {
    expect(approved("lead:bob", "owner:Cy Ng")).toEqual([]);
  });

  it("is not a role that the plan does not have: the nearest one is offered", () => {
    expect(approved("lead:bob", "onwer:cy", "boss:dee")).toEqual([
      [
        "change.approvedBy[1]",
        '"onwer" is no role of this plan. Did you mean owner? There are lead, owner.',
        set("change.approvedBy[1]", "owner:cy"),
      ],
      ["change.approvedBy[2]", '"boss" is no role of this plan. There are lead, owner.', set("change.approvedBy[2]", "<role>:dee")],
    ]);
  });

  it.each([
    ["lead", "lead:<person>"],
    ["lead: ", "lead:<person>"],
    ["bob", "<role>:bob"],
  ])("is not %j alone", (text, value) => {
    expect(approved(text)).toEqual([
      ["change.approvedBy[0]", `${JSON.stringify(text)}: expected <role>:<person>`, set("change.approvedBy[0]", value)],
    ]);
  });

  it("is not blank, nor anything but text", () => {
    expect(approved(" ", true)).toEqual([
      ["change.approvedBy[0]", "is blank; expected <role>:<person>", set("change.approvedBy[0]", "<role>:<person>")],
      ["change.approvedBy[1]", "expected <role>:<person>, got true", set("change.approvedBy[1]", "<role>:<person>")],
    ]);
  });

  it("is a list, since nothing can be added to a text", () => {
    expect(refused({ change: { approvedBy: "lead:bob, owner:cy" } })).toEqual([
      [
        "change.approvedBy",
        'expected a list, got "lead:bob, owner:cy"',
        "pulumi config rm --path change.approvedBy && pulumi config set --path 'change.approvedBy[0]' lead:bob && pulumi config set --path 'change.approvedBy[1]' owner:cy",
      ],
    ]);
  });

  it("is nobody in the empty list that `pulumi config rm --path 'change.approvedBy[0]'` leaves", () => {
    expect(refused({ change: { approvedBy: [] } })).toEqual([]);
  });
});

describe("a change", () => {
  it("takes the number that `pulumi config set --path change.incident 4711` writes as text", () => {
    expect(levers(0, { change: { incident: 4711 } }).change).toEqual({ incident: "4711" });
  });

  it("says nothing in blank words", () => {
    expect(refused({ change: { reason: " ", requestedBy: "", incident: "" } })).toEqual([
      ["change.reason", "is blank; expected why", set("change.reason", "<why>")],
      ["change.incident", "is blank; expected the incident", set("change.incident", "<incident>")],
      ["change.requestedBy", "is blank; expected who", set("change.requestedBy", "<person>")],
    ]);
  });

  it("has a severity and a level that there are", () => {
    expect(refused({ change: { severity: "hihg", level: "trafic" } })).toEqual([
      ["change.level", '"trafic" is no level of this plan. Did you mean traffic? There are traffic.', set("change.level", "traffic")],
      [
        "change.severity",
        '"hihg" is no severity. Did you mean high? There are low, medium, high, critical.',
        set("change.severity", "high"),
      ],
    ]);
  });

  it("goes without approvals only with a reason, a person and an end", () => {
    expect(refused({ change: { bypass: {} } })).toEqual([
      ["change.bypass.reason", "missing; expected why", set("change.bypass.reason", "<why>")],
      ["change.bypass.by", "missing; expected who", set("change.bypass.by", "<person>")],
      [
        "change.bypass.expiresAt",
        "missing; expected a time with its zone, like 2026-11-21T18:00:00Z",
        set("change.bypass.expiresAt", "<time>"),
      ],
    ]);
    expect(refused({ change: { bypass: true } })).toEqual([
      ["change.bypass", "expected { reason, by, expiresAt }, got true", "pulumi config rm --path change.bypass"],
    ]);
  });

  it("is no text", () => {
    expect(refused({ change: "because" })).toEqual([
      [
        "change",
        'expected { level, reason, severity, incident, requestedBy, approvedBy, bypass }, got "because"',
        "pulumi config rm change",
      ],
    ]);
  });
});

describe("a time", () => {
  const from = (value: unknown) => refused({ freezes: [{ ...freeze, from: value }] });
  const expected = "expected a time with its zone, like 2026-11-21T18:00:00Z";

  it.each(["2026-11-21T00:00:00Z", "2026-11-21T01:00:00+01:00", "2026-11-20T23:30:00.5-00:30"])("is %s", (value) => {
    expect(from(value)).toEqual([]);
  });

  it("without a zone is another one on another machine", () => {
    expect(from("2026-11-21T18:00:00")).toEqual([
      [
        "freezes[0].from",
        `"2026-11-21T18:00:00" has no zone; ${expected}`,
        set("freezes[0].from", "2026-11-21T18:00:00<zone, like Z or +01:00>"),
      ],
    ]);
  });

  it.each([
    ["2026-11-21 18:00:00 +0000 UTC", "2026-11-21T18:00:00Z"],
    ["2026-11-21 19:00:00 +0100 +0100", "2026-11-21T19:00:00+01:00"],
    ["2026-11-21 00:00:00 +0000 UTC", "2026-11-21T00:00:00Z"],
  ])("without quotes in the stack file arrives as %s, which does not tell whether it had a zone", (raw, mended) => {
    expect(from(raw)).toEqual([
      [
        "freezes[0].from",
        `"${raw}" is what YAML makes of a time without quotes, whether or not it had a zone; quote it`,
        set("freezes[0].from", mended),
      ],
    ]);
  });

  it.each(["tomorrow", "2026-11-21", "2026-02-30T10:00:00Z", 20261121])("is not %j", (value) => {
    expect(from(value)).toEqual([["freezes[0].from", `${expected}, got ${JSON.stringify(value)}`, set("freezes[0].from", "<time>")]]);
  });
});

describe("a freeze", () => {
  it("ends after it begins, in whatever zones that is told", () => {
    const backwards = { ...freeze, from: "2026-11-22T00:00:00Z", until: "2026-11-22T00:30:00+01:00" };
    expect(refused({ freezes: [freeze, backwards] })).toEqual([
      ["freezes[1].until", "2026-11-22T00:30:00+01:00 is not after from, 2026-11-22T00:00:00Z", set("freezes[1].until", "<time>")],
    ]);
  });

  it("that was begun with one `pulumi config set --path` is told what it lacks", () => {
    expect(refused({ freezes: [{ from: freeze.from }] })).toEqual([
      ["freezes[0].until", "missing; expected a time with its zone, like 2026-11-21T18:00:00Z", set("freezes[0].until", "<time>")],
      ["freezes[0].reason", "missing; expected why", set("freezes[0].reason", "<why>")],
    ]);
  });

  it("stands in a list, with the keys of one", () => {
    expect(refused({ freezes: freeze })).toEqual([
      ["freezes", `expected a list of freezes, got ${JSON.stringify(freeze)}`, "pulumi config rm freezes"],
    ]);
    expect(refused({ freezes: ["now"] })).toEqual([
      ["freezes[0]", 'expected { from, until, reason }, got "now"', "pulumi config rm --path 'freezes[0]'"],
    ]);
    expect(refused({ freezes: [{ ...freeze, untill: "x" }] })).toEqual([
      [
        "freezes[0].untill",
        "unknown lever. Did you mean freezes[0].until? Known here: from, until, reason.",
        "pulumi config rm --path 'freezes[0].untill'",
      ],
    ]);
  });
});

describe("an exemption", () => {
  it("is from a rule that there is: the nearest one is offered", () => {
    const [[path, message, command] = []] = refused({ exemptions: [{ ...exemption, policy: "aprovals" }] });
    expect([path, command]).toEqual(["exemptions[0].policy", set("exemptions[0].policy", "approvals")]);
    expect(message).toMatch(/^"aprovals" is no rule that knows exemptions\. Did you mean approvals\? There are fallback-credentials, /);
  });

  it("is not from the rule that bounds exemptions", () => {
    const [[path, message] = []] = refused({ exemptions: [{ ...exemption, policy: "exemptions" }] });
    expect(path).toBe("exemptions[0].policy");
    expect(message).toMatch(/^"exemptions" is no rule that knows exemptions\. There are fallback-credentials, /);
  });

  it("says why, who approved it and when it ends, each blank or missing one told at once", () => {
    expect(refused({ exemptions: [{ policy: "approvals", reason: "  " }] })).toEqual([
      ["exemptions[0].reason", "is blank; expected why", set("exemptions[0].reason", "<why>")],
      ["exemptions[0].approvedBy", "missing; expected who", set("exemptions[0].approvedBy", "<person>")],
      [
        "exemptions[0].expiresAt",
        "missing; expected a time with its zone, like 2026-11-21T18:00:00Z",
        set("exemptions[0].expiresAt", "<time>"),
      ],
    ]);
  });
});

it("the environment is one that there is, and production unless it is said", () => {
  expect(levers(0).environment).toBe("production");
  expect(refused({ environment: "stagging" })).toEqual([
    [
      "environment",
      '"stagging" is no environment. Did you mean staging? There are production, staging, development.',
      "pulumi config set environment staging",
    ],
  ]);
});
