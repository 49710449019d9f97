import { totalmem } from "node:os";
import type { Part, PartName } from "./part.ts";

/** Go builds at a time: one links while another compiles. Each may take 3 GB of memory. */
const heavyAtOnce = totalmem() > 7e9 ? 2 : 1;

/**
 * Makes parts side by side, each after those it names in `after`, few heavy ones at a time. The first failure aborts the others;
 * when all have ended it is thrown.
 */
export async function together(parts: Part[], makeOne: (part: Part) => Promise<void>, abort: () => void): Promise<void> {
  const lane = limiter(heavyAtOnce);
  const running = new Map<PartName, Promise<void>>();
  const make = async (part: Part): Promise<void> => {
    const started = (part.after ?? []).flatMap((need) => running.get(need) ?? []);
    // Without a wait where there is nothing to wait for: the long builds must be the first in the lane.
    if (started.length > 0) await Promise.all(started);
    await (part.heavy ? lane(() => makeOne(part)) : makeOne(part));
  };
  for (const part of parts) running.set(part.name, make(part));
  const failures: unknown[] = [];
  const results = [...running.values()].map((result) =>
    result.catch((error) => {
      failures.push(error);
      abort();
    }),
  );
  await Promise.all(results);
  // The later ones only tell that the first ended them.
  if (failures.length > 0) throw failures[0];
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
