/** Every state that a rollout of a plan can be in, as far as levers say. */

import { exposures } from "../../../components/exposure.ts";
import type { Change } from "../../../components/guards/change.ts";
import { leverProblems } from "../../../components/levers/check.ts";
import type { Levers } from "../../../components/levers/levers.ts";
import { type Config, pulled } from "../../../components/levers/pulled.ts";
import type { Level, Plan, PlanLever } from "../../../components/plan/plan.ts";
import { project, readStackConfig } from "../../../pulumi/stackFile.ts";
import { ago, image, now, type Sets, set } from "./shop.ts";

/** The committed stack of a plan, with what a machine adds to it and everything that production asks for. */
export function committed(plan: Plan): Config {
  const own = Object.entries(readStackConfig(plan.system)).filter(([key]) => key.startsWith(`${project}:`));
  const config = Object.fromEntries(own.map(([key, value]) => [key.slice(project.length + 1), value]));
  const credentials = Object.entries(plan.providers.known).map(([provider, known]) => [
    provider,
    Object.fromEntries(Object.keys(known.credentials).map((key) => [key, "a key"])),
  ]);
  return set(config, {
    credentials: Object.fromEntries(credentials),
    "verification.image": image("9"),
    "alerts.enabled": true,
    "alerts.runbooks": "https://wiki.example/runbooks",
  });
}

/** The plan's percentages, and one between them. */
export const percentages = ({ milestones }: Plan): number[] =>
  [...new Set([0, 60, 100, ...milestones.map(({ percentage }) => percentage)])].sort((a, b) => a - b);

export function statesOf(plan: Plan): Config[] {
  const from = committed(plan);
  const found = canaries(plan).flatMap((canary) =>
    providersOf(plan).flatMap((providers) => flagsOf(plan).map((flags) => set(from, { ...canary, ...providers, ...flags }))),
  );
  return found.filter((config) => leverProblems(plan, config).length === 0);
}

/** Without a canary and with one at each percentage, weighed by replicas and by a Gateway; of a system that has none, with an idle one. */
function canaries(plan: Plan): Sets[] {
  if (!plan.before.canary && !plan.providers.candidate) return [{ canary: undefined }, { canary: { image: image("c"), weight: 0 } }];
  const weights = percentages(plan).map((weight) => ({ canary: { image: image("c"), weight } }));
  const gateway = { "traffic.mode": "gateway", "traffic.gateway.name": "public" };
  return [{ canary: undefined }, ...weights.flatMap((canary) => [canary, { ...canary, ...gateway }])];
}

/** On the fallback, on the candidate, and with stable held back. */
function providersOf({ providers: { fallback, candidate = fallback } }: Plan): Sets[] {
  if (candidate === fallback) return [{}];
  return [
    { aiProvider: fallback, "stable.aiProvider": undefined },
    { aiProvider: candidate, "stable.aiProvider": undefined },
    { aiProvider: candidate, "stable.aiProvider": fallback },
  ];
}

/** All flags at each percentage, or on and off where the app knows no other; by their own levers and by their groups'. */
function flagsOf(plan: Plan): Sets[] {
  const { known, groups } = plan.flags;
  const at = (percentage: number): Sets =>
    Object.fromEntries(
      Object.entries(known).map(([name, { env }]) => {
        const share = env && !env.percentage ? {} : { percentage };
        return [`flags.${name}`, { enabled: percentage > 0, ...share }];
      }),
    );
  const off = Object.keys(groups).map((group) => ({ ...at(100), [`flags.${group}`]: { enabled: false } }));
  return Object.keys(known).length === 0 ? [{}] : [...percentages(plan).map(at), ...off];
}

/** Whether there is anything that the level could roll back. */
export const applies = ({ traffic, steps }: Level, state: Config): boolean =>
  !(traffic === "gateway" && Object(state.traffic).mode !== "gateway") &&
  !(state.canary === undefined && steps.some(({ levers }) => levers.some(({ path }) => path.startsWith("canary."))));

/** A level's lever as it is pulled from a state: who is to choose a lower percentage chooses one. */
export function chosen(plan: Plan, lever: PlanLever, levers: Levers): PlanLever {
  if (!("value" in lever) || lever.chosen === undefined || !lever.path.endsWith(".percentage")) return lever;
  const reached = exposures(plan, levers)[lever.path.slice(0, -".percentage".length)] ?? 0;
  return { path: lever.path, value: Math.min(Number(lever.value), reached) };
}

export const carriedOut = (plan: Plan, config: Config, levers: readonly PlanLever[], from: Levers): Config =>
  levers.map((lever) => chosen(plan, lever, from)).reduce(pulled, config);

/** What does not stand in levers that are carried out: holds, approvals, drills and freezes, each as a rollout wants it and not. */
export function circumstances(change: Change): (Circumstances & { change: Change })[] {
  const both = [true, false];
  const all = both.flatMap((held) =>
    both.flatMap((approved) => both.flatMap((drilled) => both.map((frozen): Circumstances => ({ held, approved, drilled, frozen })))),
  );
  return all.map((circumstances) => ({ ...circumstances, change: under(change, circumstances) }));
}

interface Circumstances {
  held: boolean;
  approved: boolean;
  drilled: boolean;
  frozen: boolean;
}

function under(change: Change, { held, approved, drilled, frozen }: Circumstances): Change {
  const { plan, levers, last } = change;
  const since = ago(held ? 1000 : 0).toISOString();
  const exposure = Object.entries(last?.exposure ?? {}).map(([lever, { percentage }]) => [lever, { percentage, since }]);
  const approvedBy = approved ? Object.keys(plan.contacts).map((role) => `${role}:${role} in person`) : [];
  const freeze = { from: ago(1).toISOString(), until: ago(-1).toISOString(), reason: "The end of the year" };
  return {
    ...change,
    levers: {
      ...levers,
      change: { ...levers.change, severity: "critical", reason: "A release", requestedBy: "ada", approvedBy },
      freezes: frozen ? [freeze] : [],
    },
    last: last && { ...last, exposure: Object.fromEntries(exposure) },
    drills: drilled ? Object.fromEntries(Object.keys(plan.levels).map((level) => [level, { at: ago(24).toISOString(), seconds: 2 }])) : {},
    now,
  };
}
