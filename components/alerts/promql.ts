/** The pieces that conditions in PromQL are made of. */

import type { Plan } from "../plan/plan.ts";

/** Seconds in which errors are counted, and over which what has no duration of its own is smoothed. */
const longestWindow = 300;
const shortestWindow = 120;

/**
 * The window of rates in seconds: a fifth of the duration, from 2 to 5 minutes. Four scrapes fit into the shortest, and what a burst
 * leaves in the window ends well before the duration does; in a window as long as that, a second of failures would hold for all of it.
 */
export function windowSeconds(forSeconds: number | undefined): number {
  return forSeconds === undefined ? longestWindow : Math.min(Math.max(forSeconds / 5, shortestWindow), longestWindow);
}

/** `90s`, `5m`, `1h`. */
export function promDuration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** The seconds of what {@link promDuration} wrote. */
export function secondsOf(written: string): number {
  const perUnit = { h: 3600, m: 60, s: 1 };
  return Number.parseInt(written, 10) * perUnit[written.at(-1) as keyof typeof perUnit];
}

/** Matches every series of the system. */
export function ownSeries({ metrics, service }: Plan): string {
  return Object.entries(metrics.labels ?? { job: service.name })
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(",");
}

/** Matches the requests that users make: the kubelet's and Prometheus's own would make a dead system look busy. */
export function userRequests(plan: Plan): string {
  return `${ownSeries(plan)},route!=${JSON.stringify(plan.service.healthPath)},route!="/metrics"`;
}

/** Matches the candidate's calls: only its errors call for leaving it, since falling back would not mend the fallback provider's. */
export function candidateCalls(plan: Plan): string {
  return `${ownSeries(plan)},provider=${JSON.stringify(plan.providers.candidate)}`;
}

export function quantileOf(quantile: number, by: string, buckets: string, range: string): string {
  return `histogram_quantile(${quantile}, sum by (${by}) (rate(${buckets}${range})))`;
}

/** Whether there was enough to judge by: fewer events than the plan's `minimumRequests` decide nothing. */
export function enough({ metrics }: Plan, counter: string, range: string, by = "track"): string {
  return `sum${by === "" ? "" : ` by (${by})`} (increase(${counter}${range})) >= ${metrics.minimumRequests}`;
}
