/** What an update lets reach more people, and the commands that say how many. */

import { exposures } from "../exposure.ts";
import { commandLine, leverArguments } from "../levers/commands.ts";
import type { Levers } from "../levers/levers.ts";
import type { Plan } from "../plan/plan.ts";
import type { Change } from "./change.ts";
import { same } from "./changedPaths.ts";

export interface Rise {
  /** `canary.weight`, `aiProvider` or `flags.<flag or group>`: what was pulled. */
  lever: string;
  /** Percentages of users or traffic. */
  from: number;
  to: number;
  /** Since when it is at `from`; nothing where no verified update noted it down. */
  since: string | undefined;
}

/** Each lever that lets something new reach more than the last verified update did. A flag that is new has a guard of its own. */
export function rises(change: Change): Rise[] {
  const { plan, levers, last, forward } = change;
  const found = Object.entries(exposures(plan, levers)).flatMap(([lever, to]): Rise[] => {
    const { percentage: from = 0, since } = last?.exposure?.[lever] ?? {};
    const known = last?.exposure ? since !== undefined : forward.includes(lever);
    return known && to > from ? [{ lever: pulledLever(lever, change), from, to, since }] : [];
  });
  const distinct = found.filter((rise, index) => found.findIndex((other) => same(other, rise)) === index);
  return distinct.filter(({ lever, from }) => lever !== "aiProvider" || !risesWithTheCanary(change, from));
}

/** The group of a flag, where it is the group's lever that lets more in. */
function pulledLever(lever: string, { plan, levers, last }: Change): string {
  const [, flag] = lever.split("flags.");
  const before = last?.levers?.flags;
  if (flag === undefined || !before || !same(before[flag], levers.flags[flag])) return lever;
  const groups = Object.entries(plan.flags.groups).filter(([, { members }]) => members.includes(flag));
  const [group] = groups.find(([name]) => !same(before[name], levers.flags[name])) ?? [];
  return group === undefined ? lever : `flags.${group}`;
}

/** Whether other providers answer more only because the canary takes more: then the canary's weight says it all. */
function risesWithTheCanary({ plan, levers, last }: Change, from: number): boolean {
  const weight = last?.exposure?.["canary.weight"]?.percentage ?? 0;
  if (!levers.canary || levers.canary.weight <= weight) return false;
  return (exposures(plan, { ...levers, canary: { ...levers.canary, weight } }).aiProvider ?? 0) <= from;
}

/** The plan's percentages as far as a lever can be set to them, each once: a flag that the app only switches on or off knows two. */
export function ladderOf(plan: Plan, lever: string): number[] {
  const ladder = new Set(plan.milestones.map(({ percentage }) => percentage));
  return [...ladder].filter((percentage) => percentage % 100 === 0 || !onlySwitched(plan, lever));
}

/** The command that lets something new reach this percentage of users or traffic. */
export function setPercentage(plan: Plan, levers: Levers, lever: string, percentage: number): string {
  if (lever === "canary.weight") return set(lever, percentage);
  return lever === "aiProvider" ? moveToFallback(plan, levers, percentage) : setFlag(plan, levers, lever, percentage);
}

const set = (path: string, value: string | number | boolean): string => commandLine(leverArguments({ path, value }));

/** Takes what is too much from the track that has it. */
function moveToFallback({ providers }: Plan, { aiProvider, stable, canary }: Levers, percentage: number): string {
  const weight = canary?.weight ?? 0;
  const pinsStable = (stable.aiProvider ?? aiProvider) !== providers.fallback && 100 - weight > percentage;
  const lowersCanary = (canary?.aiProvider ?? aiProvider) !== providers.fallback && weight > percentage;
  const commands = [
    ...(pinsStable ? [set("stable.aiProvider", providers.fallback)] : []),
    ...(lowersCanary ? [set("canary.weight", percentage)] : []),
  ];
  return commands.length > 0 ? commands.join(" && ") : set("aiProvider", providers.fallback);
}

function setFlag(plan: Plan, levers: Levers, lever: string, exposed: number): string {
  const name = lever.slice("flags.".length);
  const percentage = plan.flags.known[name]?.safe === "on" ? 100 - exposed : exposed;
  if (onlySwitched(plan, lever)) return set(lever, percentage > 0);
  const { enabled, ...more } = levers.flags[name] ?? {};
  // It may stand there as `true`, of which Pulumi sets no part.
  const anew = enabled !== undefined && Object.keys(more).length === 0;
  return `${anew ? `${commandLine(leverArguments({ path: lever, value: undefined }))} && ` : ""}${set(`${lever}.percentage`, percentage)}`;
}

function onlySwitched({ flags: { known, groups } }: Plan, lever: string): boolean {
  const name = lever.slice("flags.".length);
  const members = groups[name]?.members ?? [name];
  return lever.startsWith("flags.") && members.some((member) => known[member]?.env && !known[member].env.percentage);
}
