/** The pure measure of a drill: which answers were safe, when the last unsafe one ended, what failed. */

import type { Origin } from "../probes/request.ts";

/** One request of the load, as the client saw it. Times are milliseconds since the epoch. */
export interface RequestRecord extends Origin {
  /** When the schedule wanted it sent. */
  scheduledAt: number;
  /** When it was sent: later than `scheduledAt` only if the generator itself was late. */
  startedAt: number;
  endedAt: number;
  /** From the schedule, not from the send, so that a late generator cannot flatter the service. */
  latencyMs: number;
  status: number | null;
  /** The answer's `Retry-After`, or null. */
  retryAfterSeconds: number | null;
  /** Id of the row that the answer says was saved for it, or null. */
  saved: string | null;
  /** Why there was no HTTP answer, or null. */
  error: string | null;
}

/** Maintenance that a level declares, from the start of the update that turned it on to the end of the one that turned it off. */
export interface MaintenanceWindow {
  from: number;
  to: number;
}

/** What an answer must come from once the lever has worked. */
export interface SafeState {
  provider?: string | undefined;
  /** Only where the level moves traffic to one track. */
  track?: string | undefined;
  /** Only where the level makes new pods: what those that serve are made of; none until it was carried out. */
  releases?: readonly string[] | undefined;
}

/** What the load showed about one pulled lever. Durations are milliseconds. */
export interface Measurement {
  requests: number;
  failures: RequestRecord[];
  /** Requests that were told to come back, and from the first of them to the last; null where the level declares no maintenance. */
  maintenance: { requests: number; durationMs: number } | null;
  /** Lever pulled → end of the last answer that was not safe. Null: safety was not reached, or not held until the load ended. */
  timeToSafetyMs: number | null;
  /** Unsafe answers that ended before the lever was pulled: without any, the drill would prove nothing. */
  unsafeBefore: number;
  p95BeforeMs: number | null;
  /** Of the requests scheduled after safety. */
  p95AfterMs: number | null;
  /** How late the generator sent its latest request. */
  worstLagMs: number;
}

/** No HTTP answer, or one outside 2xx. */
export function failed(record: RequestRecord): boolean {
  return record.error !== null || record.status === null || record.status < 200 || record.status > 299;
}

/** Whether it was answered as the plan says that a request is in maintenance: 503 with `Retry-After`. */
export function toldToComeBack(record: RequestRecord, windows: readonly MaintenanceWindow[]): boolean {
  return (
    record.status === 503 &&
    record.retryAfterSeconds !== null &&
    windows.some(({ from, to }) => record.endedAt >= from && record.startedAt <= to)
  );
}

/** A failed request is never safe: whoever sent it was not served by the known-good state. */
export function isSafe(record: RequestRecord, safe: SafeState): boolean {
  return !failed(record) && isOf(record, safe);
}

/** Whether an answer, or a pod, is of the known-good state. */
export function isOf(from: Origin, { provider, track, releases }: SafeState): boolean {
  return (
    (provider === undefined || from.provider === provider) &&
    (track === undefined || from.track === track) &&
    (releases === undefined || (from.release !== null && releases.includes(from.release)))
  );
}

/** Nearest-rank percentile of latencies; null of nothing. `percent` is 0–100. */
export function percentile(latencies: readonly number[], percent: number): number | null {
  if (latencies.length === 0) return null;
  const sorted = [...latencies].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
}

/**
 * Measures one lever.
 * `maintenance` (default none): where requests that were told to come back have not failed. They are not safe either.
 * `holdMs` (default 2000): how long before the last answer everything must have been safe for safety to count as reached.
 */
export function measure(
  records: readonly RequestRecord[],
  {
    pulledAt,
    safe,
    maintenance = [],
    holdMs = 2000,
  }: { pulledAt: number; safe: SafeState; maintenance?: readonly MaintenanceWindow[]; holdMs?: number },
): Measurement {
  let lastUnsafe = pulledAt;
  let lastAnswer = 0;
  let unsafeBefore = 0;
  let worstLagMs = 0;
  const failures: RequestRecord[] = [];
  const comingBack: RequestRecord[] = [];
  for (const record of records) {
    if (toldToComeBack(record, maintenance)) comingBack.push(record);
    else if (failed(record)) failures.push(record);
    if (!isSafe(record, safe)) {
      lastUnsafe = Math.max(lastUnsafe, record.endedAt);
      if (record.endedAt < pulledAt) unsafeBefore++;
    }
    lastAnswer = Math.max(lastAnswer, record.endedAt);
    worstLagMs = Math.max(worstLagMs, record.startedAt - record.scheduledAt);
  }
  const reached = lastAnswer - lastUnsafe >= holdMs;
  const latencies = (keep: (record: RequestRecord) => boolean) =>
    records.filter((record) => !failed(record) && keep(record)).map((record) => record.latencyMs);
  return {
    requests: records.length,
    failures,
    maintenance: maintenance.length > 0 ? { requests: comingBack.length, durationMs: span(comingBack) } : null,
    timeToSafetyMs: reached ? lastUnsafe - pulledAt : null,
    unsafeBefore,
    p95BeforeMs: percentile(
      latencies((record) => record.endedAt < pulledAt),
      95,
    ),
    p95AfterMs: reached
      ? percentile(
          latencies((record) => record.scheduledAt > lastUnsafe),
          95,
        )
      : null,
    worstLagMs,
  };
}

function span(records: readonly RequestRecord[]): number {
  if (records.length === 0) return 0;
  return Math.max(...records.map(({ endedAt }) => endedAt)) - Math.min(...records.map(({ startedAt }) => startedAt));
}

/** "23 × timed out after 5 s", one entry per kind of failure, most frequent first. */
export function failureSummary(failures: readonly RequestRecord[]): string[] {
  const kinds = new Map<string, number>();
  for (const record of failures) {
    const from = record.track === null ? "" : ` from ${record.track} (${record.provider ?? "unknown provider"})`;
    const kind = record.error ?? `HTTP ${record.status}${from}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${count} × ${kind}`);
}
