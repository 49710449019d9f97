import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ToolError } from "../errors.ts";
import { projectRoot } from "../paths.ts";
import { suites as allSuites } from "../rows/command.ts";
import { keepReport, keptReports } from "../rows/reports.ts";
import { summary, verdicts } from "../rows/verdict.ts";
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
} from "../setup/index.ts";
import { createProgress, type Progress } from "../setup/progress.ts";
import { closing, lastLine, type SuiteEnd } from "./closing.ts";
import { resultsVariable } from "./reporter.ts";
import type { Failure, Results } from "./results.ts";

type Suite = (typeof allSuites)[number];

const needs: Record<Suite, readonly PartName[]> = {
  unit: storeParts,
  engine: [...new Set<PartName>([...contextParts, ...storeParts, "actionlint"])],
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
  const ends: SuiteEnd[] = [];
  for (const suite of suites) {
    const reason = await whyLeftOut(suite, progress);
    ends.push(reason ? leftOut(suite, reason) : run(suite, await whyWithout(suite, progress)));
  }
  const reports = keptReports(allSuites);
  console.log(["", ...closing(ends)].join("\n"));
  if (reports.length === allSuites.length) console.log(summary(verdicts(reports.flatMap(({ tests }) => tests))));
  console.log(lastLine(ends));
  return ends.some(({ failures }) => failures.length > 0) || ends.every(({ passed }) => passed === 0) ? 1 : 0;
}

/** Sets up what the suite needs, or says why this machine cannot run it. */
async function whyLeftOut(suite: Suite, progress: Progress): Promise<string | undefined> {
  const reason = suite === "cluster" ? whyNoNode() : undefined;
  if (reason) return reason;
  try {
    await ensure(needs[suite], progress);
    return undefined;
  } catch (error) {
    if (error instanceof PartError && error.part === "debian") return error.message;
    throw error;
  }
}

/** Why tests of the suite will leave themselves out, where any will. */
async function whyWithout(suite: Suite, progress: Progress): Promise<string | undefined> {
  const part = wants[suite];
  if (part === undefined) return undefined;
  try {
    await ensure([part], progress);
    return undefined;
  } catch (error) {
    if (!(error instanceof PartError)) throw error;
    return `without ${part}: ${error.message}`;
  }
}

function run(suite: Suite, without: string | undefined): SuiteEnd {
  const startedAt = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "rollback-stacks-test-"));
  const file = join(folder, "results.json");
  try {
    const reporters = ["--reporter=default", `--reporter=${join(import.meta.dirname, "reporter.ts")}`];
    const { status } = vitest(["run", ...projectsOf(suite), ...reporters], { [resultsVariable]: file });
    const left = existsSync(file);
    const { tests, failures, skips } = left ? (JSON.parse(readFileSync(file, "utf8")) as Results) : { tests: [], failures: [], skips: [] };
    if (left) keepReport({ suite, startedAt, tests });
    if (failures.length === 0 && (status !== 0 || !left)) failures.push(unexplained(status));
    return { suite, passed: tests.filter(({ outcome }) => outcome === "passed").length, failures, skips, leftOut: without };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const unexplained = (status: number | null): Failure => ({
  names: [],
  what: "loose error",
  error: `vitest ended with exit code ${status} and left nothing that failed`,
  notRun: 0,
});

function leftOut(suite: Suite, reason: string): SuiteEnd {
  const startedAt = Date.now();
  const { stdout } = vitest(["list", ...projectsOf(suite), "--json"]);
  const listed = JSON.parse(stdout.slice(stdout.indexOf("["))) as { name: string; file: string }[];
  const tests = listed.map(({ name, file }) => ({
    file: relative(projectRoot, file),
    names: name.split(" > "),
    outcome: "skipped" as const,
  }));
  keepReport({ suite, startedAt, tests });
  return { suite, passed: 0, failures: [], skips: tests, leftOut: reason };
}

/** A suite's projects in vitest.config.ts are called after it. */
const projectsOf = (suite: Suite): string[] => ["--project", `${suite}*`];

function vitest(args: string[], env: NodeJS.ProcessEnv = {}): { status: number | null; stdout: string } {
  const script = join(projectRoot, "node_modules", "vitest", "vitest.mjs");
  const { status, stdout } = spawnSync(process.execPath, [script, ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: ["ignore", args[0] === "list" ? "pipe" : "inherit", "inherit"],
  });
  return { status, stdout };
}
