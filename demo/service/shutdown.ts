import type { Server } from "node:http";
import type { Log } from "./logging.ts";
import type { Traffic } from "./server.ts";

/** Without a request for this long, clients are taken to have gone elsewhere. */
const quietMs = 1000;
/** What is left, of the grace period, for answering requests whose provider calls were ended. */
const lastAnswersMs = 500;

export interface ShutdownOptions {
  server: Server;
  traffic: Traffic;
  graceSeconds: number;
  log: Log;
  /** Ends calls to the provider, so that their requests are answered instead of cut off. */
  abortCalls(): void;
  exit(code: number): void;
}

/**
 * Begins the shutdown: requests, on old connections and new ones, are served on and answered `Connection: close`, until none
 * came for a second; then the server stops listening and the process exits 0. Endpoints and clients learn of the stop with some
 * delay, so whoever stops listening at once refuses requests.
 */
export function shutDown({ server, traffic, graceSeconds, log, abortCalls, exit }: ShutdownOptions): void {
  const began = performance.now();
  const graceMs = graceSeconds * 1000;
  traffic.draining = true;
  log("INFO", `Stopping: serving on until no request comes, for at most ${graceSeconds} s`);

  const watch = setInterval(() => {
    const quietFor = performance.now() - Math.max(began, traffic.lastArrival);
    if (traffic.inFlight > 0 || quietFor < Math.min(quietMs, graceMs / 2)) return;
    clearInterval(watch);
    server.close(() => {
      log("INFO", "Stopped");
      exit(0);
    });
  }, 50);
  setTimeout(abortCalls, Math.max(0, graceMs - lastAnswersMs)).unref();
  setTimeout(() => {
    log("WARNING", `Stopped at the end of the ${graceSeconds} s with ${traffic.inFlight} requests unanswered`);
    exit(0);
  }, graceMs).unref();
}
