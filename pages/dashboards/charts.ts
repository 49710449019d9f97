import { baselineOf } from "../../components/alerts/conditions.ts";
import { candidateCalls, ownSeries, promDuration, quantileOf, userRequests, windowSeconds } from "../../components/alerts/promql.ts";
import type { Plan, Trigger } from "../../components/plan/plan.ts";
import { type Chart, type Query, range, type Section } from "./chart.ts";

type Type = Trigger["signal"]["type"];
type Of<T extends Type> = Trigger & { signal: Extract<Trigger["signal"], { type: T }> };

const byTrack = "{{track}} · {{provider}}";

function triggersOf<T extends Type>({ triggers }: Plan, type: T): Of<T>[] {
  return Object.values(triggers).filter((trigger): trigger is Of<T> => trigger.signal.type === type);
}

function requestRate(plan: Plan): Chart {
  const expr = `sum by (track, provider) (rate(${plan.metrics.requests}{${userRequests(plan)}}${range}))`;
  return { title: "Requests", unit: "reqps", queries: [{ expr, legend: byTrack }], triggers: triggersOf(plan, "outage") };
}

/** 0 where nothing failed, and not nothing. */
function errorShare(plan: Plan): Chart {
  const rate = (more: string) => `sum by (track, provider) (rate(${plan.metrics.requests}{${userRequests(plan)}${more}}${range}))`;
  const expr = `(${rate(`,status=~"${plan.metrics.failedStatus}"`)} or 0 * ${rate("")}) / ${rate("")}`;
  const failing = triggersOf(plan, "errorRate");
  const succeeding = triggersOf(plan, "successRate");
  const limits = [
    ...failing.map(({ signal, severity }) => ({ value: signal.above, severity })),
    ...succeeding.map(({ signal, severity }) => ({ value: Number((1 - signal.below).toFixed(9)), severity })),
  ];
  const triggers = [...failing, ...succeeding];
  return { title: "Requests that fail", unit: "percentunit", queries: [{ expr, legend: byTrack }], triggers, limits };
}

/** The quantiles that anyone looks for, and those that the plan's triggers look at. */
function quantilesOf(plan: Plan): number[] {
  const read = [...triggersOf(plan, "latency"), ...triggersOf(plan, "latencyOverBaseline")].map(({ signal }) => signal.quantile);
  return [...new Set([0.5, 0.95, 0.99, ...read])].sort((a, b) => a - b);
}

function latency(plan: Plan, quantile: number): Chart {
  const buckets = `${plan.metrics.requestSeconds}_bucket`;
  const absolute = triggersOf(plan, "latency").filter(({ signal }) => signal.quantile === quantile);
  const compared = triggersOf(plan, "latencyOverBaseline").filter(({ signal }) => signal.quantile === quantile);
  const measured: Query = {
    expr: quantileOf(quantile, "track, provider, le", `${buckets}{${userRequests(plan)}}`, range),
    legend: byTrack,
  };
  return {
    title: `Latency, p${Math.round(quantile * 1000) / 10}`,
    unit: "s",
    queries: [measured, ...compared.map(({ signal }) => baseline(plan, quantile, signal.times))],
    triggers: [...absolute, ...compared],
    limits: absolute.map(({ signal, severity }) => ({ value: signal.aboveSeconds, severity })),
  };
}

/** A limit that moves: so many times what stable takes, or what the track took the day before. */
function baseline(plan: Plan, quantile: number, times: number): Query {
  const { compared, offset, by, what } = baselineOf(plan);
  const buckets = `${plan.metrics.requestSeconds}_bucket{${compared}}`;
  const expr = `${times} * ${quantileOf(quantile, by ? `${by}, le` : "le", buckets, `${range}${offset}`)}`;
  return { expr, legend: `${by ? `{{${by}}}: ` : ""}${times} × ${what}`, dashed: true };
}

function providerLatency(plan: Plan): Chart {
  const expr = quantileOf(0.95, "track, provider, le", `${plan.metrics.providerCalls}_bucket{${ownSeries(plan)}}`, range);
  return { title: "Calls to the AI provider, p95", unit: "s", queries: [{ expr, legend: byTrack }] };
}

function providerErrors(plan: Plan): Chart {
  const expr = `sum by (provider, kind) (rate(${plan.metrics.providerErrors}{${ownSeries(plan)}}${range}))`;
  return { title: "Errors of the AI provider, by kind", unit: "cps", queries: [{ expr, legend: "{{provider}} · {{kind}}" }] };
}

/** As the trigger counts them: over its own window, on the candidate only. */
function errorCount(plan: Plan, trigger: Of<"providerErrors">): Chart {
  const { kind, above } = trigger.signal;
  const window = promDuration(windowSeconds(trigger.forSeconds));
  const expr = `floor(sum by (track) (increase(${plan.metrics.providerErrors}{${candidateCalls(plan)},kind="${kind}"}[${window}])))`;
  return {
    title: `${plan.providers.candidate}: ${kind} errors in ${window}`,
    unit: "short",
    queries: [{ expr, legend: "{{track}}" }],
    triggers: [trigger],
    limits: [{ value: above, severity: trigger.severity }],
  };
}

function errorRateOfCalls(plan: Plan, trigger: Of<"providerErrorRate">): Chart {
  const { kind, above } = trigger.signal;
  const calls = candidateCalls(plan);
  const rate = (series: string) => `sum by (track) (rate(${series}${range}))`;
  const expr = `${rate(`${plan.metrics.providerErrors}{${calls},kind="${kind}"}`)} / ${rate(`${plan.metrics.providerCalls}_count{${calls}}`)}`;
  return {
    title: `${plan.providers.candidate}: calls that end with ${kind} errors`,
    unit: "percentunit",
    queries: [{ expr, legend: "{{track}}" }],
    triggers: [trigger],
    limits: [{ value: above, severity: trigger.severity }],
  };
}

/** What a counter of the app's grows by for each request; nothing where no trigger asks. */
function perRequest(
  plan: Plan,
  chart: Pick<Chart, "title" | "unit">,
  counter: string,
  limited: { trigger: Trigger; above: number }[],
): Chart[] {
  if (limited.length === 0) return [];
  const rate = (series: string) => `sum by (track, provider) (rate(${series}${range}))`;
  const expr = `${rate(`${counter}{${ownSeries(plan)}}`)} / ${rate(`${plan.metrics.requests}{${userRequests(plan)}}`)}`;
  const triggers = limited.map(({ trigger }) => trigger);
  const limits = limited.map(({ trigger: { severity }, above }) => ({ value: above, severity }));
  return [{ ...chart, queries: [{ expr, legend: byTrack }], triggers, limits }];
}

function costPerRequest(plan: Plan): Chart[] {
  const limited = triggersOf(plan, "costPerRequest").map((trigger) => ({ trigger, above: trigger.signal.aboveUsd }));
  return perRequest(plan, { title: "Cost of a request", unit: "currencyUSD" }, plan.metrics.cost, limited);
}

function retriesPerRequest(plan: Plan): Chart[] {
  const limited = triggersOf(plan, "retryRate").map((trigger) => ({ trigger, above: trigger.signal.above }));
  return perRequest(plan, { title: "Requests that are asked again", unit: "percentunit" }, plan.metrics.retries, limited);
}

/** From kube-state-metrics, which tells by Deployment; the plan's own `namespace` label, where it has one, tells stacks apart. */
function pods(plan: Plan): Chart {
  const namespace = plan.metrics.labels?.namespace;
  const queriesOf = (name: string, ...deployments: string[]): Query[] => {
    const deployment = deployments.length === 1 ? `deployment="${deployments[0]}"` : `deployment=~"${deployments.join("|")}"`;
    const of = `{${deployment}${namespace === undefined ? "" : `,namespace="${namespace}"`}}`;
    return [
      { expr: `sum(kube_deployment_status_replicas_ready${of})`, legend: `${name}, ready` },
      { expr: `sum(kube_deployment_spec_replicas${of})`, legend: `${name}, wanted`, dashed: true },
    ];
  };
  const tracks = Object.entries(plan.service.tracks).flatMap(([track, it]) => (it ? queriesOf(track, it.deployment) : []));
  const workers = Object.entries(plan.workers).flatMap(([worker, { deployment }]) => queriesOf(worker, deployment));
  const features = Object.entries(plan.features).flatMap(([feature, { functions }]) => queriesOf(feature, ...Object.keys(functions)));
  return { title: "Pods", unit: "short", queries: [...tracks, ...workers, ...features] };
}

/** Everything there is to see of a plan's system, in the order in which it is asked for when something is wrong. */
export function sectionsOf(plan: Plan): Section[] {
  return [
    { title: "Requests", charts: [requestRate(plan), errorShare(plan), ...retriesPerRequest(plan), ...costPerRequest(plan)] },
    { title: "Latency", charts: quantilesOf(plan).map((quantile) => latency(plan, quantile)) },
    {
      title: "AI providers",
      charts: [
        providerErrors(plan),
        providerLatency(plan),
        ...triggersOf(plan, "providerErrors").map((trigger) => errorCount(plan, trigger)),
        ...triggersOf(plan, "providerErrorRate").map((trigger) => errorRateOfCalls(plan, trigger)),
      ],
    },
    { title: "Pods", charts: [pods(plan)] },
  ];
}
