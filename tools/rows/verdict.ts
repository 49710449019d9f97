import { type Row, rows } from "../../test/rows.ts";
import type { Outcome, TestOutcome } from "./reports.ts";

/** What the tests that cite a row say of it. A row is skipped where none of them could run here. */
export interface Verdict {
  row: Row;
  asks: string;
  result: Outcome | "without a test";
  tests: TestOutcome[];
}

/** The ids that a name cites: `M2, W1: …`. */
export function cited(name: string): string[] {
  const [, ids = ""] = /^([WBMEC]\d+\b[^:]*): /.exec(name) ?? [];
  return ids.match(/\b[WBMEC]\d+\b/g) ?? [];
}

export function verdicts(tests: readonly TestOutcome[]): Verdict[] {
  return (Object.keys(rows) as Row[]).map((row) => {
    const citing = tests.filter(({ names }) => names.some((name) => cited(name).includes(row)));
    return { row, asks: rows[row], result: resultOf(citing), tests: citing };
  });
}

function resultOf(tests: readonly TestOutcome[]): Verdict["result"] {
  const is = (outcome: Outcome) => tests.some((test) => test.outcome === outcome);
  if (is("failed")) return "failed";
  return is("passed") ? "passed" : is("skipped") ? "skipped" : "without a test";
}

/** Tests that cite a row which no document has. */
export function unknownRows(tests: readonly TestOutcome[]): string[] {
  return tests.flatMap(({ file, names }) => {
    const unknown = names.flatMap(cited).filter((id) => !Object.hasOwn(rows, id));
    return unknown.map((id) => `${file}: "${names.at(-1)}" cites ${id}, which test/rows.ts does not have`);
  });
}

/** Whether nothing failed or is left without a test. */
export const proved = (all: readonly Verdict[]): boolean => all.every(({ result }) => result !== "failed" && result !== "without a test");

/** `rows of the teams' documents: 52 passed, 1 failed (M2)`. */
export function summary(all: readonly Verdict[]): string {
  const results = ["passed", "failed", "skipped", "without a test"] as const;
  const counts = results.flatMap((result) => {
    const found = all.filter((verdict) => verdict.result === result);
    const names = result === "passed" ? "" : ` (${found.map(({ row }) => row).join(", ")})`;
    return found.length > 0 ? [`${found.length} ${result}${names}`] : [];
  });
  return `rows of the teams' documents: ${counts.join(", ")}`;
}

/** Every row with what it asks, its result and the tests that cite it. */
export function table(all: readonly Verdict[]): string {
  const mark = { passed: "✔", failed: "✘", skipped: "-" } as const;
  const lines = all.flatMap(({ row, asks, result, tests }) => [
    `${row.padEnd(4)} ${asks}`,
    `     ${result}`,
    ...tests.map(({ file, names, outcome }) => `       ${mark[outcome]} ${file}: ${names.join(" › ")}`),
    "",
  ]);
  return lines.join("\n");
}
