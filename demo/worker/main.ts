/** A worker that stands in for a system's own (celery and the like): same image, settings and flags as the service, and no port. */

import { createLog } from "../service/logging.ts";
import { startWorker } from "./worker.ts";

const log = createLog({ worker: true });
const jobSeconds = Number(process.env.WORKER_JOB_SECONDS || 2);
if (!(jobSeconds > 0)) {
  log("ERROR", `Cannot start: WORKER_JOB_SECONDS: ${JSON.stringify(process.env.WORKER_JOB_SECONDS)} is not a number of seconds`);
  process.exit(1);
}
log("INFO", `Worker of version ${process.env.APP_VERSION ?? "development"} takes jobs of ${jobSeconds} s`);
const worker = startWorker(jobSeconds, log);

const stop = async (): Promise<void> => {
  await worker.stop();
  log("INFO", "Stopped");
  process.exit(0);
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
