/** What every rollback waits for before anything happens: the program's start and a preview. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pulumi } from "../pulumi/pulumi.ts";
import { pulumiEnvironment } from "../tools/environment.ts";
import { projectRoot } from "../tools/paths.ts";
import { stack } from "./ground.ts";

/** Seconds. */
export interface Startup {
  /** `pulumi preview` with nothing to change, from spawn to exit. */
  preview: number;
  /** Start of the program's process → its first resource reaches the engine. */
  programStart: number;
}

/** Medians of `runs` previews of the stack as it is. */
export async function measureStartup(runs: number): Promise<Startup> {
  const previews: number[] = [];
  const starts: number[] = [];
  const folder = mkdtempSync(join(tmpdir(), "rollback-bench-"));
  try {
    for (let index = 0; index < runs; index++) {
      const file = join(folder, `${index}`);
      const env = pulumiEnvironment();
      const watch = `--import=${new URL("./firstResource.mjs", import.meta.url).href}`;
      env.NODE_OPTIONS = [env.NODE_OPTIONS, watch].filter(Boolean).join(" ");
      env.ROLLBACK_BENCH_START = file;
      await new Pulumi({ cwd: projectRoot, env, stack, onLine: () => {} }).run(["preview"]);
      starts.push(Number(readFileSync(file, "utf8")) / 1000);
      const { startedAt, endedAt } = await new Pulumi({ cwd: projectRoot, env: pulumiEnvironment(), stack, onLine: () => {} }).run([
        "preview",
      ]);
      previews.push((endedAt - startedAt) / 1000);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { preview: median(previews), programStart: median(starts) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
