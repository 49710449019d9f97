import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../service/logging.ts";

export interface Worker {
  /** Takes no more jobs; resolves when the one under way is finished. */
  stop(): Promise<void>;
}

/** Works through jobs that take `jobSeconds` each, one after the other, and says so. */
export function startWorker(jobSeconds: number, log: Log): Worker {
  let stopping = false;
  const working = (async () => {
    for (let job = 1; !stopping; job++) {
      log("INFO", `Job ${job} taken`, { job });
      await sleep(jobSeconds * 1000);
      log("INFO", `Job ${job} finished`, { job });
    }
  })();
  return {
    stop() {
      if (!stopping) log("INFO", "Stopping: takes no more jobs and finishes the one it has");
      stopping = true;
      return working;
    },
  };
}
