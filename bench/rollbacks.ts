/** Our levels against the same change by kubectl and helm, under load. */

import { cpus, totalmem } from "node:os";
import { clusterStatus } from "../tools/cluster/index.ts";
import type { Progress } from "../tools/setup/progress.ts";
import { hold, type Result, rate } from "./contest.ts";
import { BenchGround, closeGround, warmUpSeconds } from "./ground.ts";
import { ours } from "./ours.ts";
import { peerService, peers } from "./peers.ts";
import { measureStartup } from "./startup.ts";
import type { RollbackFigures } from "./table.ts";

const runs = 2;

/** @param folder where the peers keep their files */
export async function measureRollbacks(progress: Progress, folder: string): Promise<RollbackFigures> {
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
  await progress.step("cleaning up", {}, () => closeGround(ground));
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, ${Math.round(totalmem() / 1024 ** 3)} GiB`,
    requestsPerSecond: rate,
    warmUpSeconds,
    ours: mine.map(({ name, target, results }) => ({ name, target, results })),
    peers: others,
    startup,
    clusterMemory: memory,
  };
}
