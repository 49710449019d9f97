import type { Plan } from "../../components/plan/plan.ts";
import { type Series, seriesOf } from "./prometheus.ts";

/** What a pod has counted since it started. */
export interface Counters {
  /** Requests, without those that only look after it. */
  requests: number;
  failed: number;
  /** Calls to each AI provider. */
  calls: Record<string, number>;
}

export function countersOf(page: string, { metrics, service }: Pick<Plan, "metrics" | "service">): Counters {
  const calls = `${metrics.providerCalls}_count`;
  const series = seriesOf(page, [metrics.requests, calls]);
  const looks = new Set([service.healthPath, "/metrics"]);
  const requests = series.filter(({ name, labels }) => name === metrics.requests && !looks.has(labels.route ?? ""));
  const failedStatus = new RegExp(`^(?:${metrics.failedStatus})$`);
  return {
    requests: sum(requests),
    failed: sum(requests.filter(({ labels }) => failedStatus.test(labels.status ?? ""))),
    calls: byProvider(series.filter(({ name }) => name === calls)),
  };
}

const sum = (series: readonly Series[]): number => series.reduce((all, { value }) => all + value, 0);

function byProvider(series: readonly Series[]): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const { labels, value } of series) calls[labels.provider ?? "?"] = (calls[labels.provider ?? "?"] ?? 0) + value;
  return calls;
}

/** What was counted between two looks; from nothing where the pod began anew meanwhile. */
export function since(before: Counters, now: Counters): Counters {
  const more = (from: number, to: number) => (to >= from ? to - from : to);
  const calls = Object.entries(now.calls).map(([provider, count]) => [provider, more(before.calls[provider] ?? 0, count)]);
  return { requests: more(before.requests, now.requests), failed: more(before.failed, now.failed), calls: Object.fromEntries(calls) };
}
