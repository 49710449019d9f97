import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from "vitest/node";
import { projectRoot } from "../paths.ts";
import type { Failure, Results } from "./results.ts";

/** Where the reporter writes to. */
export const resultsVariable = "ROLLBACK_STACKS_TEST_RESULTS";

/** Leaves a run's `Results` in a file: vitest's own JSON has neither a group's failed hook nor errors outside of every test. */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], loose: readonly SerializedError[]): void {
    const file = process.env[resultsVariable];
    if (file === undefined) throw new Error(`${resultsVariable} is not set: it names the file for the results`);
    writeFileSync(file, JSON.stringify(resultsOf(modules, loose)));
  }
}

function resultsOf(modules: readonly TestModule[], loose: readonly SerializedError[]): Results {
  const results: Results = { tests: [], failures: [], skips: [] };
  for (const module of modules) {
    for (const group of [module, ...module.children.allSuites()]) results.failures.push(...brokenBy(group));
    for (const test of module.children.allTests()) add(test, results);
  }
  for (const error of loose) results.failures.push({ names: [], what: "loose error", error: firstLine(error), notRun: 0 });
  return results;
}

/** What hooks did, or why the file does not load. */
function brokenBy(group: TestModule | TestSuite): Failure[] {
  const [error] = group.errors();
  if (error === undefined) return [];
  const tests = [...group.children.allTests()];
  const what = group.type === "module" && tests.length === 0 ? "file" : "hook";
  const notRun = tests.filter((test) => stateOf(test) === "skipped").length;
  return [{ file: fileOf(group), names: namesOf(group), what, error: firstLine(error), notRun }];
}

function add(test: TestCase, { tests, failures, skips }: Results): void {
  const [file, names, outcome] = [fileOf(test), namesOf(test), stateOf(test)];
  tests.push({ file, names, outcome });
  const result = test.result();
  if (result.state === "failed") failures.push({ file, names, what: "test", error: firstLine(result.errors[0]), notRun: 0 });
  if (outcome === "skipped" && !isBroken(test.parent)) skips.push({ file, ...(result.state === "skipped" && { why: result.note }) });
}

/** Whether a hook of it or of what it is in failed. */
const isBroken = (group: TestModule | TestSuite): boolean =>
  group.errors().length > 0 || (group.type === "suite" && isBroken(group.parent));

function stateOf(test: TestCase): "passed" | "failed" | "skipped" {
  const { state } = test.result();
  return state === "pending" ? "skipped" : state;
}

const namesOf = (entity: TestCase | TestSuite | TestModule): string[] =>
  entity.type === "module" ? [] : [...namesOf(entity.parent), entity.name];

const fileOf = (entity: TestCase | TestSuite | TestModule): string =>
  relative(projectRoot, (entity.type === "module" ? entity : entity.module).moduleId);

function firstLine(error: Pick<SerializedError, "name" | "message"> | undefined): string {
  const [line = ""] = (error?.message ?? "").split("\n");
  return error?.name && !line.startsWith(error.name) ? `${error.name}: ${line}` : line;
}
