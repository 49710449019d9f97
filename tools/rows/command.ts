import { ToolError } from "../errors.ts";
import { changedSince, keptReports, type Report } from "./reports.ts";
import { proved, summary, table, unknownRows, verdicts } from "./verdict.ts";

export const suites = ["unit", "engine", "cluster"] as const;

/**
 * `npm run rows`: each row of the teams' documents, the tests that cite it, and how they ended when they last ran.
 *
 * @returns 1 where a row has no test or a failing one, or where results are missing.
 */
export async function rowsCommand(argv: string[]): Promise<number> {
  if (argv.length > 0) throw new ToolError(`npm run rows takes no arguments, not "${argv[0]}"`, 2);
  const reports = keptReports(suites);
  const tests = reports.flatMap((report) => report.tests);
  const all = verdicts(tests);
  const unknown = unknownRows(tests);
  console.log(table(all));
  for (const line of [...unknown, ...gaps(reports)]) console.log(line);
  console.log(summary(all));
  return proved(all) && unknown.length === 0 && reports.length === suites.length ? 0 : 1;
}

/** Suites without results, and results that are older than the checkout. */
function gaps(reports: readonly Report[]): string[] {
  const missing = suites.filter((suite) => !reports.some((report) => report.suite === suite));
  const changed = changedSince(Math.min(...reports.map(({ startedAt }) => startedAt)));
  const old = reports.filter(({ startedAt }) => changedSince(startedAt) !== undefined).map(({ suite }) => suite);
  return [
    ...missing.map((suite) => `there are no results of the ${suite} tests: npm test -- ${suite}`),
    ...(old.length > 0
      ? [`the results of ${old.join(", ")} are older than the checkout (${changed} changed since): npm test -- ${old.join(" ")}`]
      : []),
  ];
}
