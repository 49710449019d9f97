import type { Plan } from "../../../components/plan/plan.ts";
import { requestSeconds } from "../../../demo/service/metrics.ts";

type Growth = Record<string, number>;

function series(plan: Plan, metric: string, labels: Record<string, string>): string {
  const all = { ...(plan.metrics.labels ?? { job: plan.service.name }), ...labels };
  const text = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
  return `${metric}{${text.join(",")}}`;
}

/** Requests of users, a share of which fails. */
export function answered(plan: Plan, track: string, count: number, failing = 0, route = "/api"): Growth {
  const of = (status: string) => series(plan, plan.metrics.requests, { route, status, track });
  // A status that the plan's pattern for failures matches: 500 for `5..`, and a word for itself.
  const failure = plan.metrics.failedStatus.replaceAll(".", "0");
  return { [of("200")]: count * (1 - failing), [of(failure)]: count * failing };
}

/** Requests of users that cost so many US dollars each. */
export function paid(plan: Plan, track: string, count: number, usd: number): Growth {
  return { ...answered(plan, track, count), [series(plan, plan.metrics.cost, { track })]: count * usd };
}

/** Requests of users, for a share of which the provider was asked again. */
export function retried(plan: Plan, track: string, count: number, share: number): Growth {
  return { ...answered(plan, track, count), [series(plan, plan.metrics.retries, { track })]: count * share };
}

/** What the kubelet asks, whether or not anybody else does. */
export function probed(plan: Plan, failing = 0): Growth {
  return answered(plan, "stable", 60, failing, plan.service.healthPath);
}

const judgedProvider = ({ providers: { candidate, fallback } }: Plan): string => candidate ?? fallback;

/** Calls to a provider, a share of which fails. */
export function called(plan: Plan, track: string, count: number, kind: string, failing = 0, provider = judgedProvider(plan)): Growth {
  return {
    [series(plan, `${plan.metrics.providerCalls}_count`, { track, provider })]: count,
    ...failed(plan, track, count * failing, kind, provider),
  };
}

export function failed(plan: Plan, track: string, count: number, kind: string, provider = judgedProvider(plan)): Growth {
  return { [series(plan, plan.metrics.providerErrors, { track, provider, kind })]: count };
}

/** Requests that make a quantile of their time exactly `seconds`, in the buckets of the demo's histogram. */
export function taken(plan: Plan, track: string, count: number, quantile: number, seconds: number): Growth {
  const upper = requestSeconds.findIndex((bound) => seconds <= bound);
  if (upper < 0) throw new Error(`${seconds} s is beyond the histogram's last bucket`);
  const low = requestSeconds[upper - 1] ?? 0;
  const within = (seconds - low) / ((requestSeconds[upper] as number) - low);
  // Prometheus takes values to lie evenly in their bucket: `below` and `inside` put the quantile's rank at `within` of it.
  const inside = Math.min(1, quantile / within);
  const below = inside < 1 ? 0 : (quantile - within) / (1 - within);
  const share = (index: number): number => (index < upper ? below : index === upper ? below + inside * (1 - below) : 1);
  const of = (suffix: string, labels: Record<string, string>) =>
    series(plan, `${plan.metrics.requestSeconds}${suffix}`, { route: "/api", status: "200", track, ...labels });
  const buckets = requestSeconds.map((bound, index) => [of("_bucket", { le: String(bound) }), count * share(index)] as const);
  return { ...Object.fromEntries(buckets), [of("_bucket", { le: "+Inf" })]: count, [of("_count", {})]: count };
}
