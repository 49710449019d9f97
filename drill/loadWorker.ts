/** The thread that keeps the schedule: request i is due at start + i / rate, whatever became of the others. */

import { parentPort, workerData } from "node:worker_threads";
import { now } from "../probes/request.ts";
import type { LoadOptions, WorkerMessage } from "./load.ts";
import { record } from "./request.ts";
import { openRoute } from "./route.ts";
import type { RequestRecord } from "./safety.ts";

const options = workerData as LoadOptions;
const port = parentPort;
if (port === null) throw new Error("loadWorker.ts runs only as a worker thread of load.ts");
const say = (message: WorkerMessage) => port.postMessage(message);

const route = await openRoute(options.target);
const interval = 1000 / options.rate;
const inFlight = new Set<Promise<void>>();
let finished: RequestRecord[] = [];
let sent = 0;
let stopping = false;

const start = now();
say({ kind: "started", at: start });
const flusher = setInterval(flush, 200);
tick();

function tick(): void {
  if (stopping) return;
  for (let due = start + sent * interval; due <= now(); due = start + sent * interval) {
    sent++;
    const request = record(route, options.call, due).then((result) => {
      finished.push(result);
      inFlight.delete(request);
    });
    inFlight.add(request);
  }
  setTimeout(tick, Math.max(1, start + sent * interval - now()));
}

function flush(): void {
  if (finished.length === 0) return;
  say({ kind: "records", records: finished });
  finished = [];
}

port.once("message", async () => {
  stopping = true;
  await Promise.all(inFlight);
  clearInterval(flusher);
  flush();
  say({ kind: "done" });
  port.close();
});
