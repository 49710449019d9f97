import { describe, expect, it } from "vitest";
import type { Outcome, TestOutcome } from "../../tools/rows/reports.ts";
import { cited, proved, summary, table, unknownRows, verdicts } from "../../tools/rows/verdict.ts";
import { type Row, rows } from "../rows.ts";

const test = (name: string, outcome: Outcome = "passed"): TestOutcome => ({
  file: "test/unit/some.test.ts",
  names: ["a group", name],
  outcome,
});
const verdictOf = (row: Row, ...tests: TestOutcome[]) => verdicts(tests).find((verdict) => verdict.row === row);
const everyRow = (Object.keys(rows) as Row[]).map((row) => test(`${row}: holds`));

describe("the rows of the teams' documents", () => {
  it("are all there: 9 of watibot's, 12 of wabot's, 12 of mindmend's, 10 of easymo's and 10 of chat's", () => {
    const count = (letter: string) => Object.keys(rows).filter((row) => row.startsWith(letter)).length;
    expect([..."WBMEC"].map(count)).toEqual([9, 12, 12, 10, 10]);
  });
});

describe("a test cites a row", () => {
  it.each([
    ["M2: level 1 moves traffic", ["M2"]],
    ["W1, W2: the instant level", ["W1", "W2"]],
    ["M2, design rule 4: flips", ["M2"]],
    ["says M2: later", []],
    ["M2 without a colon", []],
  ])("by its name %j", (name, ids) => expect(cited(name)).toEqual(ids));

  it("by the name of the group that it is in", () => {
    expect(verdictOf("M6", { ...test("fires"), names: ["M6: an alert", "fires"] })?.result).toBe("passed");
  });

  it("that there is", () => {
    expect(unknownRows([test("M99: holds"), test("M1: holds")])).toEqual([
      'test/unit/some.test.ts: "M99: holds" cites M99, which test/rows.ts does not have',
    ]);
  });
});

describe("a row", () => {
  it.each<[string, TestOutcome[]]>([
    ["passed", [test("M2: one"), test("M2: two", "skipped")]],
    ["failed", [test("M2: one"), test("M2: two", "failed")]],
    ["skipped", [test("M2: one", "skipped")]],
    ["without a test", [test("M3: another")]],
  ])("is %s by what its tests say", (result, tests) => expect(verdictOf("M2", ...tests)?.result).toBe(result));
});

describe("the table", () => {
  it("has each row with what it asks, its result and its tests", () => {
    expect(table(verdicts([test("M2: one"), test("M2: two", "failed")]))).toContain(
      `M2   ${rows.M2}\n     failed\n       ✔ test/unit/some.test.ts: a group › M2: one\n       ✘ test/unit/some.test.ts: a group › M2: two\n\nM3   `,
    );
  });

  it("is summed up in a line that names every row that is not passed", () => {
    const tests = everyRow.filter(({ names }) => !/^(W3|C9)\b/.test(names[1] ?? ""));
    expect(summary(verdicts([...tests, test("C9: fails", "failed")]))).toBe(
      "rows of the teams' documents: 51 passed, 1 failed (C9), 1 without a test (W3)",
    );
  });

  it("is complete where every row has a test and none fails", () => {
    expect(proved(verdicts(everyRow))).toBe(true);
    expect(proved(verdicts(everyRow.slice(1)))).toBe(false);
    expect(proved(verdicts([...everyRow, test("W1: fails", "failed")]))).toBe(false);
  });
});
