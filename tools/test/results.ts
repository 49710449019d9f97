import type { TestOutcome } from "../rows/reports.ts";

/** What a run of vitest left. */
export interface Results {
  tests: TestOutcome[];
  /** Tests that failed, and what kept others from running. */
  failures: Failure[];
  skips: Skip[];
}

export interface Failure {
  /** Below the checkout; nothing where an error belongs to no file. */
  file?: string;
  /** The test's name after those of its groups; of a group or a file, whose hook failed or which does not load, the groups' alone. */
  names: string[];
  what: "test" | "hook" | "file" | "loose error";
  /** The first line of the error. */
  error: string;
  /** Tests that did not run because of it. */
  notRun: number;
}

export interface Skip {
  file: string;
  /** What `skip` was told; nothing where it was told nothing. */
  why?: string;
}
