/** One request of the load, as it went. */

import { type Answer, type Call, now, origin, type Route, reason, send } from "../probes/request.ts";
import type { RequestRecord } from "./safety.ts";

/** Sends one scheduled call and records it; never throws. Pass the time the schedule wanted it sent. */
export async function record(route: Route, call: Call, scheduledAt: number): Promise<RequestRecord> {
  const startedAt = now();
  const finish = (outcome: Omit<RequestRecord, "scheduledAt" | "startedAt" | "endedAt" | "latencyMs">): RequestRecord => {
    const endedAt = now();
    return { scheduledAt, startedAt, endedAt, latencyMs: endedAt - scheduledAt, ...outcome };
  };
  try {
    const answer = await send(route, call);
    const { status } = answer;
    return finish({ ...origin(answer), status, retryAfterSeconds: retryAfter(answer), saved: savedRow(answer), error: null });
  } catch (error) {
    return finish({ track: null, provider: null, release: null, status: null, retryAfterSeconds: null, saved: null, error: reason(error) });
  }
}

/** Only the form with seconds: a date would be another plan's. */
function retryAfter({ headers }: Answer): number | null {
  const value = headers["retry-after"];
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
}

/** What the client was told of: `saved` in a JSON body. */
function savedRow({ body }: Answer): string | null {
  try {
    const { saved } = Object(JSON.parse(body));
    return typeof saved === "string" ? saved : null;
  } catch {
    return null;
  }
}
