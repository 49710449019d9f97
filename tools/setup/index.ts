import { mkdirSync } from "node:fs";
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
import { together } from "./together.ts";

export { Interrupted } from "../errors.ts";
export { contextParts, gatewayParts, nodeParts, simulatedParts, storeParts, whyNoNode } from "./machine.ts";
export { PartError, type PartName } from "./part.ts";

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
    await together(absent, (part) => makeOne(part, progress, signal), abort);
  });
  if (absent.length > 1) progress.note(`Set up in ${duration(Date.now() - started)}; next time all of it is there.`);
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
