/** One request of the load, as it went. */

import { type Call, now, type Origin, origin, type Route, reason, send } from "../probes/request.ts";
import type { RequestRecord } from "./safety.ts";

/** Sends one scheduled call and records it; never throws. Pass the time the schedule wanted it sent. */
export async function record(route: Route, call: Call, scheduledAt: number): Promise<RequestRecord> {
  const startedAt = now();
  const finish = (outcome: Origin & Pick<RequestRecord, "status" | "error">): RequestRecord => {
    const endedAt = now();
    return { scheduledAt, startedAt, endedAt, latencyMs: endedAt - scheduledAt, ...outcome };
  };
  try {
    const answer = await send(route, call);
    return finish({ ...origin(answer), status: answer.status, error: null });
  } catch (error) {
    return finish({ track: null, provider: null, release: null, status: null, error: reason(error) });
  }
}
