import type { Plan, Trigger } from "../plan/plan.ts";
import { duration } from "../plan/words.ts";
import { candidateCalls, enough, ownSeries, promDuration, quantileOf, userRequests, windowSeconds } from "./promql.ts";

type Signal<Type extends Trigger["signal"]["type"]> = Extract<Trigger["signal"], { type: Type }>;

/** When an alert is due. */
export interface Condition {
  /** PromQL, a line a thought. */
  expr: string;
  /** How long it must hold. */
  forSeconds: number;
  /** What is the matter, as a template of Prometheus. */
  told: string;
}

const onTrack = "on the {{ $labels.track }} track";
const percentage = "{{ $value | humanizePercentage }}";
const time = "{{ $value | humanizeDuration }}";
const percentile = (quantile: number): string => `p${Math.round(quantile * 1000) / 10}`;

function errorRate(plan: Plan, { above }: Signal<"errorRate">, forSeconds: number | undefined): Condition {
  const range = `[${promDuration(windowSeconds(forSeconds))}]`;
  const { requests, failedStatus } = plan.metrics;
  const users = userRequests(plan);
  const expr = [
    `sum by (track) (rate(${requests}{${users},status=~"${failedStatus}"}${range}))`,
    `  / sum by (track) (rate(${requests}{${users}}${range})) > ${above}`,
    `and on (track) ${enough(plan, `${requests}{${users}}`, range)}`,
  ];
  return { expr: expr.join("\n"), forSeconds: forSeconds ?? 0, told: `${percentage} of the requests ${onTrack} fail.` };
}

function successRate(plan: Plan, { below }: Signal<"successRate">, forSeconds: number | undefined): Condition {
  const range = `[${promDuration(windowSeconds(forSeconds))}]`;
  const { requests, failedStatus } = plan.metrics;
  const users = userRequests(plan);
  const expr = [
    `1 - sum by (track) (rate(${requests}{${users},status=~"${failedStatus}"}${range}))`,
    `  / sum by (track) (rate(${requests}{${users}}${range})) < ${below}`,
    `and on (track) ${enough(plan, `${requests}{${users}}`, range)}`,
  ];
  return { expr: expr.join("\n"), forSeconds: forSeconds ?? 0, told: `${percentage} of the requests ${onTrack} succeed.` };
}

/** What a counter of the app's grows by for each request. */
function perRequest(plan: Plan, counter: string, above: number, forSeconds: number | undefined): Pick<Condition, "expr" | "forSeconds"> {
  const range = `[${promDuration(windowSeconds(forSeconds))}]`;
  const { requests } = plan.metrics;
  const users = userRequests(plan);
  const expr = [
    `sum by (track) (rate(${counter}{${ownSeries(plan)}}${range}))`,
    `  / sum by (track) (rate(${requests}{${users}}${range})) > ${above}`,
    `and on (track) ${enough(plan, `${requests}{${users}}`, range)}`,
  ];
  return { expr: expr.join("\n"), forSeconds: forSeconds ?? 0 };
}

function retryRate(plan: Plan, { above }: Signal<"retryRate">, forSeconds: number | undefined): Condition {
  return {
    ...perRequest(plan, plan.metrics.retries, above, forSeconds),
    told: `${percentage} of the requests ${onTrack} are asked again.`,
  };
}

function costPerRequest(plan: Plan, { aboveUsd }: Signal<"costPerRequest">, forSeconds: number | undefined): Condition {
  return {
    ...perRequest(plan, plan.metrics.cost, aboveUsd, forSeconds),
    told: `A request ${onTrack} costs {{ $value | printf "%.2f" }} USD.`,
  };
}

function latency(plan: Plan, { quantile, aboveSeconds }: Signal<"latency">, forSeconds: number | undefined): Condition {
  const range = `[${promDuration(windowSeconds(forSeconds))}]`;
  const { requestSeconds } = plan.metrics;
  const users = userRequests(plan);
  const expr = [
    `${quantileOf(quantile, "track, le", `${requestSeconds}_bucket{${users}}`, range)} > ${aboveSeconds}`,
    `and on (track) ${enough(plan, `${requestSeconds}_count{${users}}`, range)}`,
  ];
  return { expr: expr.join("\n"), forSeconds: forSeconds ?? 0, told: `${percentile(quantile)} ${onTrack} is ${time}.` };
}

/** What a quantile is compared with. */
export interface Baseline {
  /** Matchers of the requests that are judged, and of those they are compared with. */
  judged: string;
  compared: string;
  /** When the latter were made. */
  offset: string;
  /** Labels that tell apart what is compared. */
  by: string;
  /** As a person says it. */
  what: string;
}

/**
 * Beside a canary the baseline is stable in the same window: the same time of day, the same load. Where only one track runs, it is that
 * track at the same time the day before.
 */
export function baselineOf(plan: Plan): Baseline {
  const users = userRequests(plan);
  if (!plan.before.canary) return { judged: users, compared: users, offset: " offset 1d", by: "track", what: "the day before" };
  return { judged: `${users},track!="stable"`, compared: `${users},track="stable"`, offset: "", by: "", what: "stable" };
}

function latencyOverBaseline(plan: Plan, signal: Signal<"latencyOverBaseline">, forSeconds: number | undefined): Condition {
  const range = `[${promDuration(windowSeconds(forSeconds))}]`;
  const { quantile, times } = signal;
  const name = plan.metrics.requestSeconds;
  const { judged, compared, offset, by, what } = baselineOf(plan);
  const expr = [
    quantileOf(quantile, "track, le", `${name}_bucket{${judged}}`, range),
    `  > on (${by}) group_left () (${times} * ${quantileOf(quantile, by ? `${by}, le` : "le", `${name}_bucket{${compared}}`, `${range}${offset}`)})`,
    `and on (track) ${enough(plan, `${name}_count{${judged}}`, range)}`,
    `and on (${by}) ${enough(plan, `${name}_count{${compared}}`, `${range}${offset}`, by)}`,
  ];
  const told = `${percentile(quantile)} ${onTrack} is ${time}, more than ${times} times that of ${what}.`;
  return { expr: expr.join("\n"), forSeconds: forSeconds ?? 0, told };
}

/** `increase` reads up to a scrape's share high, since it extrapolates; whole errors are counted. */
function providerErrors(plan: Plan, { kind, above }: Signal<"providerErrors">, forSeconds: number | undefined): Condition {
  const window = windowSeconds(forSeconds);
  const errors = `${plan.metrics.providerErrors}{${candidateCalls(plan)},kind="${kind}"}`;
  return {
    expr: `floor(sum by (track) (increase(${errors}[${promDuration(window)}]))) > ${above}`,
    forSeconds: forSeconds ?? 0,
    told: `{{ $value }} ${kind} errors of ${plan.providers.candidate} in ${duration(window)} ${onTrack}.`,
  };
}

function providerErrorRate(plan: Plan, { kind, above }: Signal<"providerErrorRate">, forSeconds: number | undefined): Condition {
  const range = `[${promDuration(windowSeconds(forSeconds))}]`;
  const { providerErrors: errors, providerCalls } = plan.metrics;
  const calls = candidateCalls(plan);
  const expr = [
    `sum by (track) (rate(${errors}{${calls},kind="${kind}"}${range}))`,
    `  / sum by (track) (rate(${providerCalls}_count{${calls}}${range})) > ${above}`,
    `and on (track) ${enough(plan, `${providerCalls}_count{${calls}}`, range)}`,
  ];
  const told = `${percentage} of the calls to ${plan.providers.candidate} ${onTrack} end with ${kind} errors.`;
  return { expr: expr.join("\n"), forSeconds: forSeconds ?? 0, told };
}

const hour = 3600;

/** The outage's window and `for`, in seconds: together the trigger's duration, so that a missed scrape alone pages nobody. */
export function outageSeconds(forSeconds: number | undefined): { window: number; hold: number } {
  const window = Math.max(60, Math.ceil((forSeconds ?? 0) / 2));
  return { window, hold: Math.max(0, (forSeconds ?? 0) - window) };
}

/** Requests that the hour before must have had, so that none in the trigger's duration is not just a quiet night. */
export function busyHour(plan: Plan, forSeconds: number | undefined): number {
  const { window, hold } = outageSeconds(forSeconds);
  return Math.ceil((plan.metrics.minimumRequests * hour) / (window + hold));
}

/** No series at all is no answer either. Once it fires it goes on, past the busy hour, until a request is answered. */
function outage(plan: Plan, alert: string, forSeconds: number | undefined): Condition {
  const { window, hold } = outageSeconds(forSeconds);
  const { requests, failedStatus } = plan.metrics;
  const users = userRequests(plan);
  const expr = [
    `(sum(increase(${requests}{${users},status!~"${failedStatus}"}[${promDuration(window)}])) or vector(0)) == 0`,
    "and on () (",
    `  sum(increase(${requests}{${users}}[1h] offset ${promDuration(window + hold)})) >= ${busyHour(plan, forSeconds)}`,
    `  or ALERTS{alertname="${alert}",alertstate="firing"}`,
    ")",
  ];
  return { expr: expr.join("\n"), forSeconds: hold, told: `No request was answered for ${duration(window + hold)}.` };
}

/**
 * The condition of a trigger; nothing where no metric tells: what people report, and what is spent in all, which the provider's bill
 * tells (prices differ by model and change; tokens times a price in a plan would be wrong without anyone noticing).
 */
export function conditionOf(plan: Plan, alert: string, { signal, forSeconds }: Trigger): Condition | undefined {
  switch (signal.type) {
    case "errorRate":
      return errorRate(plan, signal, forSeconds);
    case "successRate":
      return successRate(plan, signal, forSeconds);
    case "costPerRequest":
      return costPerRequest(plan, signal, forSeconds);
    case "latency":
      return latency(plan, signal, forSeconds);
    case "latencyOverBaseline":
      return latencyOverBaseline(plan, signal, forSeconds);
    case "providerErrors":
      return providerErrors(plan, signal, forSeconds);
    case "providerErrorRate":
      return providerErrorRate(plan, signal, forSeconds);
    case "retryRate":
      return retryRate(plan, signal, forSeconds);
    case "outage":
      return outage(plan, alert, forSeconds);
    case "reported":
    case "cost":
      return undefined;
  }
}

/** Where there is nothing to judge by, which none of the triggers takes for health. Nothing where no trigger reads a metric. */
export function metricsAbsent(plan: Plan): Condition | undefined {
  const { requests, requestSeconds, providerCalls, providerErrors, retries, cost } = plan.metrics;
  const read: Record<Trigger["signal"]["type"], string[]> = {
    errorRate: [requests],
    retryRate: [requests, retries],
    successRate: [requests],
    costPerRequest: [requests, cost],
    outage: [requests],
    latency: [`${requestSeconds}_count`],
    latencyOverBaseline: [`${requestSeconds}_count`],
    providerErrors: [providerErrors],
    providerErrorRate: [providerErrors, `${providerCalls}_count`],
    reported: [],
    cost: [],
  };
  const names = new Set(Object.values(plan.triggers).flatMap(({ signal }) => read[signal.type]));
  if (names.size === 0) return undefined;
  const absent = [...names].map((name) => `label_replace(absent(${name}{${ownSeries(plan)}}), "metric", "${name}", "", "")`);
  return {
    expr: absent.join("\nor "),
    forSeconds: 300,
    told: "{{ $labels.metric }} has not been seen for 5 minutes: nothing tells whether the system is well.",
  };
}

/** Where latency should be compared and what it is compared with had too few requests. Nothing where no trigger compares. */
export function baselineAbsent(plan: Plan): Condition | undefined {
  const compares = Object.values(plan.triggers).some(({ signal }) => signal.type === "latencyOverBaseline");
  if (!compares) return undefined;
  const { judged, compared, offset, by, what } = baselineOf(plan);
  const count = `${plan.metrics.requestSeconds}_count`;
  const range = `[${promDuration(windowSeconds(undefined))}]`;
  const expr = [
    enough(plan, `${count}{${judged}}`, range),
    `unless on (${by}) ${enough(plan, `${count}{${compared}}`, `${range}${offset}`, by)}`,
  ];
  return {
    expr: expr.join("\n"),
    forSeconds: 600,
    told: `Latency ${onTrack} cannot be judged: what it is compared with (${what}) had too few requests.`,
  };
}
