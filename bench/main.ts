/**
 * `npm run bench`: rollbacks beside kubectl and helm, the Kubernetes provider beside kubectl, small stacks beside large ones, previews
 * with the policy pack beside those without, the `rollback` command beside plain
 * Pulumi, backups and restores beside pg_dump and pg_restore, each in the same run, as ratios.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { whileAlone } from "../drill/lock.ts";
import { type Cluster, startCluster } from "../tools/cluster/index.ts";
import { workDir } from "../tools/paths.ts";
import { ensure, nodeParts, whyNoNode } from "../tools/setup/index.ts";
import { createProgress, type Progress } from "../tools/setup/progress.ts";
import { type CommandFigures, measureCommand } from "./command.ts";
import { type DatabaseSize, measureDatabase } from "./database.ts";
import { stack } from "./ground.ts";
import { measurePolicies, type PolicySize } from "./policies.ts";
import { measureProvider, type ProviderFigures } from "./provider.ts";
import { measureRollbacks } from "./rollbacks.ts";
import { measureScale, type Size } from "./scale.ts";
import {
  commandTable,
  databaseTable,
  kept,
  policiesTable,
  providerTable,
  type RollbackFigures,
  rollbackTable,
  scaleTable,
} from "./table.ts";

const parts = ["rollbacks", "provider", "scale", "policies", "command", "database"] as const;
type BenchPart = (typeof parts)[number];

const isPart = (name: string): name is BenchPart => (parts as readonly string[]).includes(name);

interface Outcome {
  startedAt: string;
  rollbacks?: RollbackFigures;
  provider?: ProviderFigures;
  scale?: Size[];
  policies?: PolicySize[];
  command?: CommandFigures;
  database?: DatabaseSize[];
}

/**
 * Measures the parts that are named, else all, and prints; the figures also go to .rollback/bench/<timestamp>.json.
 * @returns 0, or 1 where one of our levels failed a request or never got safe, or where the benchmark cannot run; 2 for unknown arguments.
 */
export async function benchCommand(argv: string[]): Promise<number> {
  const names = argv.filter((name) => name !== "--verbose");
  const unknown = names.find((name) => !isPart(name));
  if (unknown !== undefined) {
    console.error(`"${unknown}" is not a part of npm run bench; there are: ${parts.join(", ")}, and --verbose`);
    return 2;
  }
  const why = whyNoNode();
  if (why !== undefined) {
    console.error(`The benchmark measures real traffic on a real node: ${why}.`);
    return 1;
  }
  const progress = createProgress({ verbose: names.length < argv.length });
  await ensure([...nodeParts, "kubectl", "helm"], progress);
  try {
    const outcome = await whileAlone(stack, () => measure(names.length > 0 ? names.filter(isPart) : parts, progress));
    if (outcome.rollbacks) console.log(`\n${rollbackTable(outcome.rollbacks)}`);
    if (outcome.provider) console.log(`\n${providerTable(outcome.provider)}`);
    if (outcome.scale) console.log(`\n${scaleTable(outcome.scale)}`);
    if (outcome.policies) console.log(`\n${policiesTable(outcome.policies)}`);
    if (outcome.command) console.log(`\n${commandTable(outcome.command)}`);
    if (outcome.database) console.log(`\n${databaseTable(outcome.database)}`);
    console.log(`\nFigures: ${relative(process.cwd(), write(outcome))}`);
    return !outcome.rollbacks || kept(outcome.rollbacks) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function measure(wanted: readonly BenchPart[], progress: Progress): Promise<Outcome> {
  const outcome: Outcome = { startedAt: new Date().toISOString() };
  // A step of its own: what it waits for is over when the measuring begins.
  const onCluster = async <T>(name: string, work: (cluster: Cluster) => Promise<T>): Promise<T> => {
    const cluster = await progress.step("cluster", {}, (report) => startCluster({ report }));
    return progress.step(name, {}, () => work(cluster));
  };
  if (wanted.includes("provider")) {
    outcome.provider = await onCluster("the provider, with 200 ConfigMaps", (cluster) => measureProvider(cluster, 3));
  }
  if (wanted.includes("scale")) {
    outcome.scale = await onCluster("previews of 1, 10 and 100 systems", (cluster) => measureScale(cluster, 3));
  }
  if (wanted.includes("policies")) {
    outcome.policies = await onCluster("previews of 1, 10 and 100 systems with the policy pack", (cluster) => measurePolicies(cluster, 3));
  }
  if (wanted.includes("command")) outcome.command = await measureCommand(progress, 3);
  if (wanted.includes("database")) {
    await ensure(["stores"], progress);
    outcome.database = await progress.step("a database of 100 MiB and of 1 GiB", {}, () => measureDatabase([100, 1024], 3));
  }
  if (wanted.includes("rollbacks")) {
    const folder = mkdtempSync(join(tmpdir(), "rollback-bench-"));
    try {
      outcome.rollbacks = await measureRollbacks(progress, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return outcome;
}

function write(outcome: Outcome): string {
  const folder = join(workDir, "bench");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${outcome.startedAt.slice(0, 19).replaceAll(":", "").replace("T", "-")}.json`);
  writeFileSync(file, `${JSON.stringify(outcome, null, 2)}\n`);
  return file;
}
