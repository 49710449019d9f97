import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ToolError } from "./errors.ts";
import { projectRoot } from "./paths.ts";
import { suites as allSuites } from "./rows/command.ts";
import { keepReport, keptReports, type TestOutcome } from "./rows/reports.ts";
import { summary, verdicts } from "./rows/verdict.ts";
import {
  contextParts,
  ensure,
  gatewayParts,
  nodeParts,
  PartError,
  type PartName,
  simulatedParts,
  storeParts,
  whyNoNode,
} from "./setup/index.ts";
import { createProgress, type Progress } from "./setup/progress.ts";

type Suite = (typeof allSuites)[number];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const needs: Record<Suite, readonly PartName[]> = {
  unit: storeParts,
  engine: [...contextParts, "actionlint"],
  cluster: [...new Set<PartName>([...nodeParts, ...simulatedParts, ...gatewayParts, ...storeParts])],
};

/** Parts without which a suite leaves out only the tests that ask for them. */
const wants: Partial<Record<Suite, PartName>> = { engine: "promtool" };

const isSuite = (name: string): name is Suite => Object.hasOwn(needs, name);

/**
 * `npm test`: sets up what the tests need, runs them and closes with a line `N passed, N failed` (`, N skipped` where there are any).
 * Tests that this machine cannot run are counted as skipped, and why is said. Returns the exit code.
 */
export async function testCommand(argv: string[]): Promise<number> {
  const names = argv.filter((name) => name !== "--verbose");
  const unknown = names.find((name) => !isSuite(name));
  if (unknown) throw new ToolError(`"${unknown}" is not a test suite; there are: ${Object.keys(needs).join(", ")}, and --verbose`, 2);
  const suites = (names.length > 0 ? names : Object.keys(needs)).filter(isSuite);
  const progress = createProgress({ verbose: names.length < argv.length });
  const all: Counts[] = [];
  for (const suite of suites) {
    const reason = await whyLeftOut(suite, progress);
    all.push(reason ? leftOut(suite, reason) : run(suite));
  }
  const sum = (key: keyof Counts): number => all.reduce((total, counts) => total + counts[key], 0);
  const reports = keptReports(allSuites);
  console.log("");
  if (reports.length === allSuites.length) console.log(summary(verdicts(reports.flatMap(({ tests }) => tests))));
  const [passed, failed, skipped] = [sum("passed"), sum("failed"), sum("skipped")];
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

/** Sets up what the suite needs, or says why this machine cannot run it. */
async function whyLeftOut(suite: Suite, progress: Progress): Promise<string | undefined> {
  const reason = suite === "cluster" ? whyNoNode() : undefined;
  if (reason) return reason;
  try {
    await ensure(needs[suite], progress);
    await ensureWanted(suite, progress);
    return undefined;
  } catch (error) {
    if (error instanceof PartError && error.part === "debian") return error.message;
    throw error;
  }
}

async function ensureWanted(suite: Suite, progress: Progress): Promise<void> {
  const part = wants[suite];
  if (part === undefined) return;
  try {
    await ensure([part], progress);
  } catch (error) {
    if (!(error instanceof PartError)) throw error;
    console.log(`\n${suite}: the tests that need ${part} are left out: ${error.message}`);
  }
}

interface Results {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    status: string;
    assertionResults: { ancestorTitles: string[]; title: string; status: string }[];
  }[];
}

function run(suite: Suite): Counts {
  const startedAt = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "rollback-stacks-test-"));
  const file = join(folder, "results.json");
  try {
    const { status } = vitest("run", "--project", suite, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`);
    const results = JSON.parse(readFileSync(file, "utf8")) as Results;
    keepReport({ suite, startedAt, tests: outcomes(results) });
    // A file that does not load has no tests to fail; an error outside of every test fails the run only.
    const unloadable = results.testResults.filter((result) => result.status === "failed" && result.assertionResults.length === 0).length;
    const failed = results.numFailedTests + unloadable;
    return {
      passed: results.numPassedTests,
      failed: status === 0 ? failed : Math.max(1, failed),
      skipped: results.numPendingTests + results.numTodoTests,
    };
  } catch (error) {
    console.error(`${suite}: vitest left no results: ${(error as Error).message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function outcomes({ testResults }: Results): TestOutcome[] {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      file: relative(projectRoot, name),
      names: [...ancestorTitles, title],
      outcome: status === "passed" || status === "failed" ? status : "skipped",
    })),
  );
}

function leftOut(suite: Suite, reason: string): Counts {
  const startedAt = Date.now();
  const { stdout } = vitest("list", "--project", suite, "--json");
  const tests = JSON.parse(stdout.slice(stdout.indexOf("["))) as { name: string; file: string }[];
  const names = (name: string): string[] => name.split(" > ");
  keepReport({
    suite,
    startedAt,
    tests: tests.map(({ name, file }) => ({ file: relative(projectRoot, file), names: names(name), outcome: "skipped" })),
  });
  const skipped = tests.length;
  console.log(`\n${suite}: ${skipped} tests left out: ${reason}`);
  return { passed: 0, failed: 0, skipped };
}

function vitest(...args: string[]): { status: number | null; stdout: string } {
  const script = join(projectRoot, "node_modules", "vitest", "vitest.mjs");
  const { status, stdout } = spawnSync(process.execPath, [script, ...args], {
    cwd: projectRoot,
    encoding: "utf8",
    stdio: ["ignore", args[0] === "list" ? "pipe" : "inherit", "inherit"],
  });
  return { status, stdout };
}
