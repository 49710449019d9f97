import { describe, expect, it } from "vitest";
import { didYouMean } from "../../../cli/nearest.ts";
import { told } from "../../../cli/pastLine.ts";
import { span, table, utc } from "../../../cli/text.ts";

describe("a table", () => {
  const headings = ["track", "ready", "image"];
  const rows = [
    ["stable", "4 of 4", "app@1111"],
    ["canary", "", "app@2222"],
  ];
  it("has columns where they fit", () =>
    expect(table(headings, rows, 80)).toEqual(["track   ready   image", "stable  4 of 4  app@1111", "canary          app@2222"]));
  it("is a block a row on a narrow terminal", () =>
    expect(table(headings, rows, 20)).toEqual(["stable", "  ready: 4 of 4", "  image: app@1111", "", "canary", "  image: app@2222"]));
});

it("a time has its zone", () => expect(utc("2026-11-21T10:00:05.123+02:00")).toBe("2026-11-21 08:00:05 UTC"));

it.each([
  [40_000, "40 s"],
  [12 * 60_000, "12 min"],
  [5 * 3_600_000, "5 h"],
  [3 * 86_400_000, "3 days"],
])("%i ms are %s", (milliseconds, text) => expect(span(milliseconds)).toBe(text));

it("what is typed wrongly is told the nearest there is, and nothing where none is near", () => {
  expect(didYouMean("trafic", ["flag", "traffic"])).toBe(" Did you mean traffic?");
  expect(didYouMean("kubernetes", ["flag", "traffic"])).toBe("");
});

describe("the history tells", () => {
  const past = { startedAt: "2026-11-21T10:00:00.000Z", endedAt: "2026-11-21T10:00:12.000Z", result: "succeeded" as const };
  const levers = { verification: { image: "x" }, change: { level: "flag", requestedBy: "ada", reason: "p95 3x", incident: "INC-7" } };

  it("of what this command did who, when, level, why, how long and whether it was verified", () =>
    expect(told({ ...past, message: "rollback to flag by ada: p95 3x (INC-7)", levers })).toEqual({
      at: "2026-11-21T10:00:00.000Z",
      seconds: 12,
      by: "ada",
      what: "rollback to flag",
      level: "flag",
      why: "p95 3x",
      incident: "INC-7",
      ended: "verified",
    }));
  it("nothing of a change record that an update by hand has only inherited", () =>
    expect(told({ ...past, message: "rollback status: a commit's message", levers })).toMatchObject({
      by: null,
      what: "pulumi up",
      why: null,
    }));
  it("what failed, was cut off, or was not verified", () => {
    expect(told({ ...past, message: "", levers: {} }).ended).toBe("well, not verified");
    expect(told({ ...past, message: "", levers, result: "failed" }).ended).toBe("failed");
    expect(told({ ...past, endedAt: undefined, message: "", levers, result: "in-progress" })).toMatchObject({
      ended: "cut off",
      seconds: null,
    });
  });
});
