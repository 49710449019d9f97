/** One drill at a time in a checkout: two would pull each other's levers. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { workDir } from "../tools/paths.ts";

/** A lock that has not been renewed for so long belonged to a process that is gone. */
const staleMs = 15_000;

/** Runs `body` while no other drill of this stack runs in this checkout; throws at once where one does. */
export async function whileAlone<T>(stack: string, body: () => Promise<T>): Promise<T> {
  mkdirSync(workDir, { recursive: true });
  const release = await lock(join(workDir, stack), { realpath: false, stale: staleMs, onCompromised: () => {} }).catch((error) => {
    if (error.code !== "ELOCKED") throw error;
    throw new Error(
      `another drill or benchmark uses the stack ${stack} of this checkout just now. Wait until it has ended; ` +
        `one that was killed is forgotten after ${staleMs / 1000} s. A second checkout may drill at the same time.`,
    );
  });
  try {
    return await body();
  } finally {
    await release().catch(() => {});
  }
}
