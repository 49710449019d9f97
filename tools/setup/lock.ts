import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { Interrupted } from "../errors.ts";
import { cacheRoot } from "../paths.ts";
import type { Runner } from "./process.ts";

/** A lock that has not been renewed for this long belonged to a process that is gone. */
const staleMilliseconds = 15_000;
const retryMilliseconds = 500;

/** Runs `body` while no other process on this machine makes the same part; waits for one that does. */
export async function withLock<T>(name: string, runner: Runner, body: () => Promise<T>): Promise<T> {
  const folder = join(cacheRoot, "locks");
  mkdirSync(folder, { recursive: true });
  const release = await acquire(join(folder, name), runner);
  try {
    return await body();
  } finally {
    await release().catch(() => {});
  }
}

async function acquire(file: string, runner: Runner): Promise<() => Promise<void>> {
  for (;;) {
    try {
      // A machine that slept loses its lock; that does no harm, because parts are put in place by renaming.
      return await lock(file, { realpath: false, stale: staleMilliseconds, onCompromised: () => {} });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    }
    runner.report("another set-up is making this, waiting for it");
    await new Promise((resolve) => setTimeout(resolve, retryMilliseconds));
    if (runner.signal.aborted) throw new Interrupted();
  }
}
