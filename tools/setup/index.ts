import { mkdirSync } from "node:fs";
import { totalmem } from "node:os";
import { Interrupted } from "../errors.ts";
import { cacheRoot } from "../paths.ts";
import { hasBegun, noteBegin, requireSpace } from "./disk.ts";
import { probe } from "./http.ts";
import { removeWorkFolder } from "./install.ts";
import { untilInterrupted } from "./interrupt.ts";
import { withLock } from "./lock.ts";
import type { Part, PartName } from "./part.ts";
import { withNeeds } from "./parts.ts";
import type { Runner } from "./process.ts";
import { duration, type Progress } from "./progress.ts";

export { Interrupted } from "../errors.ts";
export { contextParts, nodeParts, simulatedParts, whyNoNode } from "./machine.ts";
export { PartError, type PartName } from "./part.ts";

/** Go builds at a time: one links while another compiles. Each may take 3 GB of memory. */
const heavyAtOnce = totalmem() > 7e9 ? 2 : 1;

/**
 * Makes sure that the parts, and those they need, are in the cache. What is there is left alone and costs milliseconds; the rest is
 * made side by side, each safe against other processes and against interruption.
 * @throws {PartError} naming the part, what was tried and the remedy; {Interrupted} after Ctrl-C.
 */
export async function ensure(names: readonly PartName[], progress: Progress): Promise<void> {
  const absent = withNeeds(names).filter((part) => !part.present());
  if (absent.length === 0) return;
  mkdirSync(cacheRoot, { recursive: true });
  const started = Date.now();
  await untilInterrupted(async (signal, abort) => {
    const reachable = await probe(
      absent.flatMap(({ urls = [] }) => urls),
      signal,
    );
    requireSpace(absent.filter(({ name, urls = [] }) => !hasBegun(name) && !urls.some((url) => reachable.has(url))));
    await makeAll(absent, progress, signal, abort);
  });
  if (absent.length > 1) progress.note(`Set up in ${duration(Date.now() - started)}; next time all of it is there.`);
}

async function makeAll(absent: Part[], progress: Progress, signal: AbortSignal, abort: () => void): Promise<void> {
  const lane = limiter(heavyAtOnce);
  const running = new Map<PartName, Promise<void>>();
  const make = async (part: Part): Promise<void> => {
    const started = (part.after ?? []).flatMap((need) => running.get(need) ?? []);
    // Without a wait where there is nothing to wait for: the long builds must be the first in the lane.
    if (started.length > 0) await Promise.all(started);
    const one = (): Promise<void> => makeOne(part, progress, signal);
    await (part.heavy ? lane(one) : one());
  };
  for (const part of absent) running.set(part.name, make(part));
  const results = [...running.values()];
  const failure = Promise.all(results).catch((error) => {
    abort();
    throw error;
  });
  await Promise.allSettled(results);
  await failure;
}

async function makeOne(part: Part, progress: Progress, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new Interrupted();
  await progress.step(part.title, { usually: part.usually }, async (report) => {
    const run: Runner = { report, signal };
    return withLock(part.name, run, async () => {
      if (part.present()) return "made by another set-up";
      noteBegin(part.name);
      try {
        return await part.make(run);
      } finally {
        removeWorkFolder(part.name);
      }
    });
  });
}

/** At most `limit` at a time, the others in the order they came. */
function limiter(limit: number): (body: () => Promise<void>) => Promise<void> {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (body) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await body();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
