/** One rollback under load, however it is made. */

import { sleep } from "../drill/kube.ts";
import { type LoadTarget, startLoad } from "../drill/load.ts";
import { now } from "../drill/request.ts";
import { measure, type SafeState } from "../drill/safety.ts";

/** Requests a second during every rollback. */
export const rate = 50;
const baselineMs = 3000;
const patienceMs = 120_000;

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
}

/** Throws where the load shows nothing to roll back, and what `rollBack` throws. */
export async function hold({ name, target, safe, rollBack }: Contest): Promise<Result> {
  const load = await startLoad({ target, rate, path: "/api/therapy-session", body: '{"message":"test"}', timeoutMs: 10_000 });
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
  const { timeToSafetyMs, unsafeBefore, requests, failures } = measure(await load.stop(), { pulledAt, safe });
  if (unsafeBefore === 0) throw new Error(`${name}: nothing unsafe was answered before the rollback, so it would measure nothing`);
  return {
    name,
    toSafety: timeToSafetyMs === null ? null : timeToSafetyMs / 1000,
    toDone: (doneAt - pulledAt) / 1000,
    requests,
    failed: failures.length,
  };
}
