import type { Probe } from "../components/plan/plan.ts";
import type { Call } from "./request.ts";

/** A probe that sends requests. */
export type RequestProbe = Extract<Probe, { path: string }>;

export function callOf({ method, path, headers, body }: RequestProbe, timeoutMs: number): Call {
  return {
    method: method ?? (body === undefined ? "GET" : "POST"),
    path,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs,
  };
}

/** "3 × HTTP 503, 1 × no answer within 10 s", in the order in which each was first seen. */
export function counted(outcomes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} × ${outcome}`).join(", ");
}
