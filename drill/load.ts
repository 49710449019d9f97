/** Steady open-loop load from a thread of its own, so that the drill's work cannot delay it. */

import { Worker } from "node:worker_threads";
import type { Call } from "../probes/request.ts";
import type { RequestRecord } from "./safety.ts";

/** Where the load goes; plain data, because it crosses into the worker thread. */
export interface LoadTarget {
  cluster: { name: string; kind: "node" | "context"; kubeconfig: string; context: string };
  namespace: string;
  /** Its name, or the host that a Gateway knows it by. */
  service: string;
  clusterIP: string;
  port: number;
}

export interface LoadOptions {
  target: LoadTarget;
  /** Requests a second, sent by the clock whether or not earlier ones were answered. */
  rate: number;
  call: Call;
}

export interface Load {
  /** When the first request was due, milliseconds since the epoch. */
  readonly startedAt: number;
  /** Everything answered or dropped so far. */
  readonly records: readonly RequestRecord[];
  /** Ends the schedule, waits for what is in flight (at most the timeout) and gives all records, by end time. */
  stop(): Promise<RequestRecord[]>;
}

export type WorkerMessage = { kind: "started"; at: number } | { kind: "records"; records: RequestRecord[] } | { kind: "done" };

/** Starts the load and resolves when its schedule runs. Throws when the thread cannot reach the cluster. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const records: RequestRecord[] = [];
  const worker = new Worker(new URL("./loadWorker.ts", import.meta.url), { workerData: options });
  const { promise: started, resolve: onStarted, reject: onFailedStart } = Promise.withResolvers<number>();
  const { promise: done, resolve: onDone, reject: onFailed } = Promise.withResolvers<void>();
  done.catch(() => {});
  worker.on("message", (message: WorkerMessage) => {
    if (message.kind === "started") onStarted(message.at);
    else if (message.kind === "records") records.push(...message.records);
    else onDone();
  });
  const fail = (error: unknown) => {
    const wrapped = new Error(`the load generator stopped: ${error instanceof Error ? error.message : String(error)}`);
    onFailedStart(wrapped);
    onFailed(wrapped);
  };
  worker.on("error", fail);
  worker.on("exit", (code) => fail(`its thread ended with code ${code}`));
  return {
    startedAt: await started,
    records,
    async stop() {
      worker.postMessage("stop");
      await done;
      return records.sort((a, b) => a.endedAt - b.endedAt);
    },
  };
}
