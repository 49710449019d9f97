/** The `rollback` command beside the plain commands that it stands for, in turn on one stack, each up to the verified release. */

import { execa } from "execa";
import { pulumiEnvironment } from "../tools/environment.ts";
import { projectRoot } from "../tools/paths.ts";
import type { Progress } from "../tools/setup/progress.ts";
import { BenchGround, closeGround, stack } from "./ground.ts";
import { median } from "./startup.ts";

/** Seconds, medians of the runs. */
export interface CommandFigures {
  /** `pulumi config set aiProvider openai`, then `pulumi up`. */
  plain: number;
  /** `rollback to flag`, from Enter to its exit. */
  to: number;
  /** `rollback status`, of the stack at rest. */
  status: number;
}

export async function measureCommand(progress: Progress, runs: number): Promise<CommandFigures> {
  const ground = await progress.step("cluster, images, stand-in", {}, BenchGround.open);
  const { plan, images } = ground;
  const before = {
    aiProvider: plan.providers.candidate,
    stable: { image: images.previous, aiProvider: plan.providers.fallback },
    canary: { image: images.current, weight: 25 },
    fallback: undefined,
  };
  const figures: Record<keyof CommandFigures, number[]> = { plain: [], to: [], status: [] };
  const ways = {
    plain: () => ground.pull({ path: "aiProvider", value: plan.providers.fallback }),
    to: () => rollback("to", "flag", "--yes", "--reason", "benchmark"),
  };
  for (let run = 1; run <= runs; run++) {
    await progress.step(`rollback beside pulumi (run ${run} of ${runs})`, {}, async () => {
      for (const [name, way] of Object.entries(ways) as [keyof typeof ways, () => Promise<unknown>][]) {
        await ground.bringTo(before, { verified: true });
        if (name === "plain") figures.status.push(await seconds(() => rollback("status")));
        figures[name].push(await seconds(way));
      }
    });
  }
  await progress.step("cleaning up", {}, () => closeGround(ground));
  return { plain: median(figures.plain), to: median(figures.to), status: median(figures.status) };
}

const rollback = (...args: string[]) =>
  execa("node", ["cli/rollback.mjs", ...args], {
    cwd: projectRoot,
    env: { ...pulumiEnvironment(), PULUMI_STACK: stack },
    extendEnv: false,
  });

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
