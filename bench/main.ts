/** `npm run bench`: our levels against the same change by kubectl and helm, in the same run, as ratios. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, relative } from "node:path";
import { whileAlone } from "../drill/lock.ts";
import { disown } from "../drill/ownership.ts";
import { clusterStatus } from "../tools/cluster/index.ts";
import { workDir } from "../tools/paths.ts";
import { ensure, nodeParts, whyNoNode } from "../tools/setup/index.ts";
import { createProgress, type Progress } from "../tools/setup/progress.ts";
import { hold, type Result, rate } from "./contest.ts";
import { BenchGround, stack, warmUpSeconds } from "./ground.ts";
import { ours } from "./ours.ts";
import { peerService, peers } from "./peers.ts";
import { measureStartup } from "./startup.ts";
import { type BenchOutcome, benchTable, kept } from "./table.ts";

const runs = 2;

/**
 * Measures and prints; the figures also go to .rollback/bench/<timestamp>.json.
 * @returns 0, or 1 where one of our levels failed a request or never got safe, or where the benchmark cannot run.
 */
export async function benchCommand(argv: string[]): Promise<number> {
  const unknown = argv.filter((arg) => arg !== "--verbose");
  if (unknown.length > 0) {
    console.error(`"${unknown[0]}" is not an option of npm run bench; there is --verbose`);
    return 2;
  }
  const why = whyNoNode();
  if (why !== undefined) {
    console.error(`The benchmark measures real traffic on a real node: ${why}.`);
    return 1;
  }
  const progress = createProgress({ verbose: argv.includes("--verbose") });
  await ensure([...nodeParts, "kubectl", "helm"], progress);
  const folder = mkdtempSync(join(tmpdir(), "rollback-bench-"));
  try {
    const outcome = await whileAlone(stack, () => bench(progress, folder));
    console.log(`\n${benchTable(outcome)}\n`);
    console.log(`Figures: ${relative(process.cwd(), write(outcome))}`);
    return kept(outcome) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bench(progress: Progress, folder: string): Promise<BenchOutcome> {
  const startedAt = new Date().toISOString();
  const ground = await progress.step("cluster, images, stand-in", {}, BenchGround.open);
  const step = (name: string, round: number, work: () => Promise<Result>) =>
    progress.step(`${name} (run ${round} of ${runs})`, {}, async () => {
      const result = await work();
      progress.note(
        `  safe after ${result.toSafety?.toFixed(1) ?? "∞"} s, done after ${result.toDone.toFixed(1)} s, ${result.failed} of ${result.requests} failed${result.firstFailure ? ` (${result.firstFailure})` : ""}`,
      );
      return result;
    });

  const mine = ours(ground).map((contestant) => ({ ...contestant, results: [] as Result[] }));
  const others: { name: string; results: Result[] }[] = [];
  for (let round = 1; round <= runs; round++) {
    for (const { name, before, lever, safe, results } of mine) {
      const rollBack = () => ground.pull(lever);
      const work = async () => {
        await ground.bringTo(before);
        return hold({ name, target: await ground.target(ground.plan.service.name), safe, rollBack });
      };
      results.push(await step(name, round, work));
    }
  }
  const startup = await progress.step("pulumi preview", {}, () => measureStartup(3));
  const { memory } = await clusterStatus(ground.cluster.name);
  const safe = { provider: ground.plan.providers.fallback };
  for (const { name, prepare, rollBack } of await peers(ground, folder)) {
    const results: Result[] = [];
    for (let round = 1; round <= runs; round++) {
      const work = async () => {
        await prepare();
        return hold({ name, target: await ground.target(peerService), safe, rollBack });
      };
      results.push(await step(name, round, work));
    }
    others.push({ name, results });
  }
  await progress.step("cleaning up", {}, () => disown(stack, ground.kube, ground.pulumi));
  return {
    startedAt,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, ${Math.round(totalmem() / 1024 ** 3)} GiB`,
    requestsPerSecond: rate,
    warmUpSeconds,
    ours: mine.map(({ name, target, results }) => ({ name, target, results })),
    peers: others,
    startup,
    clusterMemory: memory,
  };
}

function write(outcome: BenchOutcome): string {
  const folder = join(workDir, "bench");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${outcome.startedAt.slice(0, 19).replaceAll(":", "").replace("T", "-")}.json`);
  writeFileSync(file, `${JSON.stringify(outcome, null, 2)}\n`);
  return file;
}
