import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { projectRoot, workDir } from "../paths.ts";

export type Outcome = "passed" | "failed" | "skipped";

/** One test as it ended. */
export interface TestOutcome {
  /** Below the checkout. */
  file: string;
  /** Its own name, after those of the groups that it is in. */
  names: string[];
  outcome: Outcome;
}

/** The last run of a suite. */
export interface Report {
  suite: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  tests: TestOutcome[];
}

const folder = join(workDir, "tests");
const fileOf = (suite: string): string => join(folder, `${suite}.json`);

/** Keeps a suite's results until its next run: `.rollback/tests/<suite>.json`. */
export function keepReport(report: Report): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(report.suite), `${JSON.stringify(report)}\n`);
}

/** The reports there are. */
export const keptReports = (suites: readonly string[]): Report[] =>
  suites
    .map(fileOf)
    .filter(existsSync)
    .map((file) => JSON.parse(readFileSync(file, "utf8")));

/** A file of the checkout that changed after then, other than what drills write; nothing where none did. */
export function changedSince(milliseconds: number): string | undefined {
  const own = readdirSync(projectRoot, { withFileTypes: true }).filter(({ name }) => !/^(\.git|\.rollback|node_modules)$/.test(name));
  const files = own.flatMap((entry) => {
    const path = join(projectRoot, entry.name);
    if (!entry.isDirectory()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((child) => child.isFile())
      .map((child) => join(child.parentPath, child.name));
  });
  const changed = files.find((file) => !file.endsWith("-drill.yaml") && statSync(file).mtimeMs > milliseconds);
  return changed && relative(projectRoot, changed);
}
