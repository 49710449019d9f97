import type { Failure, Skip } from "./results.ts";

/** How a suite ended. */
export interface SuiteEnd {
  suite: string;
  passed: number;
  /** Files that do not load and hooks that failed count as well. */
  failures: Failure[];
  skips: Skip[];
  /** Why tests of it were left out that do not say so themselves. */
  leftOut?: string;
}

const longestError = 300;

/** What failed and what was left out, for whoever sees a log's end alone; nothing where everything ran and passed. */
export function closing(ends: readonly SuiteEnd[]): string[] {
  const failed = ends.flatMap(({ suite, failures }) => failures.flatMap((failure) => failureLines(suite, failure)));
  const skipped = ends.flatMap(skipLines);
  return [...(failed.length > 0 ? ["Failed:", ...failed] : []), ...(skipped.length > 0 ? ["Skipped:", ...skipped] : [])];
}

/** The last line: `N passed, N failed`, and `, N skipped` where there are any. */
export function lastLine(ends: readonly SuiteEnd[]): string {
  const sum = (count: (end: SuiteEnd) => number) => ends.reduce((total, end) => total + count(end), 0);
  const skipped = sum(({ skips, failures }) => skips.length + failures.reduce((total, { notRun }) => total + notRun, 0));
  const counts = [`${sum(({ passed }) => passed)} passed`, `${sum(({ failures }) => failures.length)} failed`];
  return [...counts, ...(skipped > 0 ? [`${skipped} skipped`] : [])].join(", ");
}

function failureLines(suite: string, { file, names, what, error, notRun }: Failure): string[] {
  const where = [file, ...names].filter((part) => part !== undefined).join(" › ");
  const happened = {
    test: where,
    hook: `${where}: a hook failed`,
    file: `${where} does not load`,
    "loose error": "an error outside of every test",
  }[what];
  const without = notRun > 0 ? `, and ${notRun} ${notRun === 1 ? "test" : "tests"} did not run` : "";
  return [`  ${suite}: ${happened}${without}`, `    ${error.slice(0, longestError)}`];
}

function skipLines({ suite, skips, leftOut }: SuiteEnd): string[] {
  const counts = new Map<string, number>();
  for (const { file, why } of skips) {
    const reason = why ?? leftOut ?? `${file} does not say why`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `  ${suite}: ${count}: ${reason.replaceAll(/\s*\n\s*/g, " ")}`);
}
