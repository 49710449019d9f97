/** One rollback under load, however it is made. */

import { sleep } from "../drill/kube.ts";
import { type LoadTarget, startLoad } from "../drill/load.ts";
import { failed, measure, type RequestRecord, type SafeState } from "../drill/safety.ts";
import { now } from "../probes/request.ts";

/** Requests a second during every rollback. */
export const rate = 50;
const baselineMs = 3000;
const patienceMs = 120_000;
/** A Service that was made a moment ago reaches the node's firewall rules a little later. */
const settleMs = 15_000;
const steadyAnswers = 25;

export interface Contest {
  name: string;
  target: LoadTarget;
  safe: SafeState;
  /** Everything from the first keystroke until the tool says it is done. */
  rollBack: () => Promise<void>;
}

/** Durations are seconds. */
export interface Result {
  name: string;
  /** First keystroke → end of the last answer that was not safe; null where that was not reached. */
  toSafety: number | null;
  /** First keystroke → the tool said it was done. */
  toDone: number;
  requests: number;
  failed: number;
  /** When, after the first keystroke in seconds, and how the first of them failed. */
  firstFailure: string | null;
}

/** Throws where the load shows nothing to roll back, and what `rollBack` throws. */
export async function hold({ name, target, safe, rollBack }: Contest): Promise<Result> {
  const load = await startLoad({
    target,
    rate,
    call: { method: "POST", path: "/api/therapy-session", body: `{"message":"test"}`, timeoutMs: 10_000 },
  });
  const steadyAt = await untilSteady(load.records);
  await sleep(baselineMs);
  const pulledAt = now();
  try {
    await rollBack();
  } catch (error) {
    await load.stop();
    throw error;
  }
  const doneAt = now();
  while (measure(load.records, { pulledAt, safe }).timeToSafetyMs === null && now() < pulledAt + patienceMs) await sleep(250);
  const { timeToSafetyMs, unsafeBefore, requests, failures } = measure(
    (await load.stop()).filter(({ scheduledAt }) => scheduledAt >= steadyAt),
    { pulledAt, safe },
  );
  if (unsafeBefore === 0) throw new Error(`${name}: nothing unsafe was answered before the rollback, so it would measure nothing`);
  return {
    name,
    toSafety: timeToSafetyMs === null ? null : timeToSafetyMs / 1000,
    toDone: (doneAt - pulledAt) / 1000,
    requests,
    failed: failures.length,
    firstFailure: failures[0] ? describe(failures[0], pulledAt) : null,
  };
}

/** The same for everyone: load counts from when half a second of it was answered. */
async function untilSteady(records: readonly RequestRecord[]): Promise<number> {
  const deadline = now() + settleMs;
  for (;;) {
    const last = records.slice(-steadyAnswers);
    if ((last.length === steadyAnswers && !last.some(failed)) || now() > deadline) return now();
    await sleep(100);
  }
}

function describe({ scheduledAt, status, error }: RequestRecord, pulledAt: number): string {
  return `${((scheduledAt - pulledAt) / 1000).toFixed(1)} s: ${error ?? `HTTP ${status}`}`;
}
