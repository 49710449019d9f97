/** What must and must not make each of a plan's alerts fire, from the plan's own numbers. */

import { baselineOf, busyHour, outageSeconds } from "../../../components/alerts/conditions.ts";
import { windowSeconds } from "../../../components/alerts/promql.ts";
import { alertName, alertRules } from "../../../components/alerts/rules.ts";
import type { Plan, Trigger } from "../../../components/plan/plan.ts";
import { answered, called, failed, paid, probed, retried, taken } from "./loads.ts";
import { type Phase, type Scenario, step } from "./promtool.ts";

type Growth = Record<string, number>;
type Case = Omit<Scenario, "alert">;

const calm = 600;
const usual = 100;
const keptFiring = 300;

/** The track that is judged. */
const judged = (plan: Plan): string => (plan.before.canary ? "canary" : "stable");

export function scenarios(plan: Plan): Scenario[] {
  const triggers = Object.entries(plan.triggers).flatMap(([name, trigger]) =>
    casesOf(plan, trigger).map((each) => ({ ...each, alert: alertName(plan, name) })),
  );
  return [...triggers, ...metricsAbsent(plan), ...baselineAbsent(plan)];
}

function casesOf(plan: Plan, { signal, forSeconds }: Trigger): Case[] {
  const track = judged(plan);
  switch (signal.type) {
    case "errorRate": {
      const load = (level: number, count: number) => answered(plan, track, count, signal.above * level);
      const probes = { title: "silent where only probes fail", phases: [{ seconds: 3600, load: probed(plan, 1) }], fires: { 3600: false } };
      return [...shared(plan, forSeconds, load, 1 / signal.above), probes];
    }
    case "retryRate":
      return shared(plan, forSeconds, (level, count) => retried(plan, track, count, signal.above * level), 1 / signal.above);
    case "successRate": {
      const failing = 1 - signal.below;
      return shared(plan, forSeconds, (level, count) => answered(plan, track, count, failing * level), 1 / failing);
    }
    case "costPerRequest":
      return shared(plan, forSeconds, (level, count) => paid(plan, track, count, signal.aboveUsd * level), 10);
    case "latency": {
      const load = (level: number, count: number) => taken(plan, track, count, signal.quantile, signal.aboveSeconds * level);
      return shared(plan, forSeconds, load, 1.9);
    }
    case "latencyOverBaseline": {
      const { quantile, times } = signal;
      const usually = 0.4;
      const load = (level: number, count: number) => ({
        ...taken(plan, "stable", usual, quantile, usually),
        ...taken(plan, track, count, quantile, usually * times * level),
      });
      const dayBefore = baselineOf(plan).offset ? [{ seconds: 86_400, load: taken(plan, track, usual, quantile, usually) }] : [];
      return shared(plan, forSeconds, load, 1.9, dayBefore);
    }
    case "providerErrorRate": {
      const load = (level: number, count: number) => called(plan, track, count, signal.kind, signal.above * level);
      const elsewhere = called(plan, track, usual, signal.kind, 1, plan.providers.fallback);
      return [
        ...shared(plan, forSeconds, load, 1 / signal.above),
        { title: "silent where the fallback provider fails", phases: [{ seconds: 3600, load: elsewhere }], fires: { 3600: false } },
      ];
    }
    case "providerErrors":
      return counted(plan, signal, forSeconds);
    case "outage":
      return outage(plan, forSeconds);
    case "reported":
    case "cost":
      return [];
  }
}

/**
 * Shares and quantiles: just over and under the threshold, the duration and the fewest requests that decide.
 *
 * @param load what is measured at a multiple of the threshold, from so many requests a scrape.
 * @param worst the multiple where everything fails.
 */
function shared(
  plan: Plan,
  forSeconds: number | undefined,
  load: (level: number, count: number) => Growth,
  worst: number,
  prefix: Phase[] = [],
): Case[] {
  const held = forSeconds ?? 0;
  const window = windowSeconds(forSeconds);
  const start = prefix.reduce((sum, { seconds }) => sum + seconds, 0);
  const begin = start + calm;
  const due = begin + window + held;
  const well: Phase = { seconds: calm, load: load(0.5, usual) };
  // So many that the window is full of them at the first scrape: the duration then counts from there.
  const flood = load(worst, 100 * usual);
  const a = (title: string, phases: Phase[], fires: Record<number, boolean>): Case => ({ title, phases: [...prefix, ...phases], fires });
  const few = (count: number) => [{ seconds: calm + window + held, load: load(worst, (count * step) / window) }];
  const after = window + held + 60;
  const cases = [
    a("fires just over the threshold", [well, { seconds: after, load: load(1.02, usual) }], { [begin]: false, [due + 30]: true }),
    a("silent just under the threshold", [well, { seconds: after + calm, load: load(0.98, usual) }], {
      [due + 30]: false,
      [due + calm]: false,
    }),
    a("fires on for 5 minutes once all is well, and then no more", [well, { seconds: after, load: load(1.02, usual) }, well, well], {
      [begin + after + keptFiring - 30]: true,
      [begin + after + keptFiring + window + 60]: false,
    }),
    a("silent where one request fewer than decide fails", few(plan.metrics.minimumRequests - 1), { [due]: false }),
    a("fires where one request more than decide fails", few(plan.metrics.minimumRequests + 1), { [due]: true }),
    a("silent without data", [{ seconds: calm + window + held, load: probed(plan) }], { [due]: false }),
  ];
  if (held === 0) return cases;
  const burst = Math.max(step, held - window - 60);
  return [
    ...cases,
    a("silent just under the duration, fires just over", [well, { seconds: held + 60, load: flood }], {
      [begin + held]: false,
      [begin + held + 30]: true,
    }),
    a("silent where a burst ends before the duration", [well, { seconds: burst, load: flood }, { ...well, seconds: held + window }], {
      [begin + held]: false,
      [begin + held + 30]: false,
      [begin + held + window]: false,
    }),
  ];
}

function counted(plan: Plan, signal: Extract<Trigger["signal"], { type: "providerErrors" }>, forSeconds: number | undefined): Case[] {
  const { kind, above } = signal;
  const held = forSeconds ?? 0;
  const due = calm + held + 30;
  const track = judged(plan);
  const burst = (count: number, provider?: string, of: string = kind): Phase[] => [
    { seconds: calm, load: called(plan, track, usual, of, 0, provider) },
    { seconds: held + step, load: { ...called(plan, track, usual, of, 0, provider), ...failed(plan, track, count, of, provider) } },
    { seconds: calm + held, load: called(plan, track, usual, of, 0, provider) },
  ];
  const gone = calm + windowSeconds(forSeconds) + keptFiring + held + 60;
  return [
    { title: `fires over the threshold, at ${above + 1}`, phases: burst(above + 1), fires: { [calm]: false, [due]: true } },
    { title: `silent at the threshold, ${above}`, phases: burst((above * step) / (held + step)), fires: { [due]: false } },
    { title: "fires no more once the errors are past", phases: burst(above + 1), fires: { [gone]: false } },
    { title: "silent where the fallback provider fails", phases: burst(above + 1, plan.providers.fallback), fires: { [due]: false } },
    { title: "silent where calls fail for another reason", phases: burst(above + 1, undefined, "upstream"), fires: { [due]: false } },
    { title: "silent without data", phases: [{ seconds: due, load: probed(plan) }], fires: { [due]: false } },
  ];
}

function outage(plan: Plan, forSeconds: number | undefined): Case[] {
  const { window, hold } = outageSeconds(forSeconds);
  const limit = window + hold;
  const hour = 3600;
  const enough = busyHour(plan, forSeconds) / (hour / step);
  const busy: Phase = { seconds: hour + calm, load: { ...probed(plan), ...answered(plan, "stable", enough * 1.05) } };
  const quiet: Phase = { ...busy, load: { ...probed(plan), ...answered(plan, "stable", enough * 0.95) } };
  const begin = busy.seconds;
  const onTime = { [begin + limit - 30]: false, [begin + limit + step]: true };
  const silence: Phase = { seconds: 2 * hour, load: probed(plan) };
  const failing: Phase = { ...silence, load: { ...probed(plan), ...answered(plan, "stable", enough, 1) } };
  const shortly: Phase = { ...silence, seconds: limit - 30 };
  return [
    { title: "silent just under the duration, fires just over, where no request comes", phases: [busy, silence], fires: onTime },
    { title: "silent just under the duration, fires just over, where every request fails", phases: [busy, failing], fires: onTime },
    { title: "fires where the pods are gone", phases: [busy, { seconds: hour, load: "gone" }], fires: { [begin + limit + 30]: true } },
    { title: "fires on for as long as nothing is answered", phases: [busy, silence], fires: { [begin + 2 * hour]: true } },
    {
      title: "fires no more once requests are answered",
      phases: [busy, silence, busy],
      fires: { [begin + 2 * hour + keptFiring - 30]: true, [begin + 2 * hour + keptFiring + 60]: false },
    },
    { title: "silent where requests come again in time", phases: [busy, shortly, busy], fires: { [begin + limit + step]: false } },
    { title: "silent in a quiet hour", phases: [quiet, silence], fires: { [begin + limit + step]: false, [begin + hour]: false } },
    { title: "silent without data", phases: [{ seconds: hour, load: {} }], fires: { [hour]: false } },
  ];
}

/** Everything that any alert reads, and nothing amiss. */
function everything(plan: Plan): Growth {
  const tracks = [...new Set(["stable", judged(plan)])];
  return Object.assign(
    probed(plan),
    ...tracks.flatMap((track) => [
      { ...retried(plan, track, usual, 0.1), ...paid(plan, track, usual, 0.01) },
      taken(plan, track, usual, 0.95, 0.4),
      called(plan, track, usual, "quota", 0, track === "stable" ? plan.providers.fallback : plan.providers.candidate),
    ]),
  );
}

const exprOf = (plan: Plan, alert: string): string =>
  alertRules(plan).groups.flatMap(({ rules }) => rules.filter((rule) => rule.alert === alert))[0]?.expr ?? "";

function metricsAbsent(plan: Plan): Scenario[] {
  const alert = alertName(plan, "metricsAbsent");
  const metrics = [...exprOf(plan, alert).matchAll(/absent\((\w+)\{/g)].map(([, name]) => name as string);
  const without = (metric: string): Growth =>
    Object.fromEntries(Object.entries(everything(plan)).filter(([series]) => !series.startsWith(`${metric}{`)));
  return [
    { title: "silent where every metric is there", alert, phases: [{ seconds: 3600, load: everything(plan) }], fires: { 3600: false } },
    ...metrics.map((metric) => ({
      title: `silent just under 5 minutes without ${metric}, fires just over`,
      alert,
      phases: [{ seconds: 600, load: without(metric) }],
      fires: { 285: false, 315: true },
    })),
  ];
}

function baselineAbsent(plan: Plan): Scenario[] {
  const alert = alertName(plan, "baselineAbsent");
  if (exprOf(plan, alert) === "") return [];
  const { offset } = baselineOf(plan);
  const track = judged(plan);
  const few = ((plan.metrics.minimumRequests - 1) * step) / windowSeconds(undefined);
  const dayBefore: Phase[] = offset ? [{ seconds: 86_400, load: taken(plan, track, usual, 0.95, 0.4) }] : [];
  const begin = offset ? 86_400 : 0;
  const alone = offset
    ? taken(plan, track, usual, 0.95, 0.4)
    : { ...taken(plan, track, usual, 0.95, 0.4), ...taken(plan, "stable", few, 0.95, 0.4) };
  return [
    {
      title: "silent where both are there",
      alert,
      phases: [...dayBefore, { seconds: 3600, load: everything(plan) }],
      fires: { [begin + 3600]: false },
    },
    {
      title: "silent just under 10 minutes without enough to compare with, fires just over",
      alert,
      phases: [{ seconds: 1200, load: alone }],
      fires: { 600: false, 630: true },
    },
  ];
}
