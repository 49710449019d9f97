/** Which way an update goes: forward, to something new for someone, or back. */

import { exposures, providerShares } from "../exposure.ts";
import { targetings } from "../flags/targeting.ts";
import { wider } from "../flags/wider.ts";
import type { Levers } from "../levers/levers.ts";
import { pinKinds } from "../levers/pins.ts";
import { configAt } from "../levers/pulled.ts";
import type { Plan } from "../plan/plan.ts";
import { type RecordedLevers, type ReleaseRecord, recordedLevers } from "../releaseRecord.ts";
import { changedPaths, same } from "./changedPaths.ts";
import { carriesOutALevel } from "./level.ts";
import { movesFromUnknown } from "./unknownPast.ts";

export interface Updating {
  plan: Plan;
  levers: Levers;
  last: ReleaseRecord | undefined;
}

/**
 * The levers by which an update moves forward: those that it changes to something else than a level of the plan or an earlier verified
 * update would, and not to less; and those that a change of the plan itself lets reach more. None for a rollback, whatever combination of
 * levels it is, and none where nothing changes.
 */
export function forwardMoves({ plan, levers, last }: Updating): string[] {
  if (!last?.levers) return movesFromUnknown({ plan, levers, last });
  const compared: Compared = { plan, levers, last, before: last.levers, now: recordedLevers(levers) };
  const moved = changedPaths(compared.before, compared.now).filter(
    (path) => !carriesOutALevel(plan, compared, path) && movesForward(path, compared),
  );
  return [...new Set([...moved, ...raisedByThePlan(compared)])];
}

interface Compared extends Updating {
  last: ReleaseRecord;
  before: RecordedLevers;
  now: RecordedLevers;
}

/** Whether a lever that no level leaves like this lets something new reach more, or is something that nobody has tried. */
function movesForward(path: string, compared: Compared): boolean {
  const { levers, before, now } = compared;
  const [lever = "", of = ""] = path.split(".");
  if (path === "previous.image") return now.previous !== undefined && !compared.last.images?.includes(now.previous.image);
  if (path === "canary.image" && !levers.canary?.weight) return false;
  if (lever !== "database" && path.endsWith(".image")) return newerImage(path, compared);
  if (path.endsWith("aiProvider") || path === "canary.weight") return reachesMore(compared);
  if (lever === "flags") return widened(of, compared);
  if (lever === "pins") return (levers.canary?.weight ?? 0) > 0 && freed(before, levers);
  if (lever === "features") return configAt(now, path) === true;
  if (lever === "settings") return !settledBefore(of, compared);
  if (path === "database.revision") return newerRevision(compared);
  if (path === "database.restore") return false;
  return lever !== "maintenance";
}

/** Whether a track is to run another image than those that verified updates ran before the one it has. */
function newerImage(path: string, { last, before, now }: Compared): boolean {
  const image = configAt(now, path);
  if (image === undefined) return false;
  const verified = last.images ?? [];
  const age = (of: unknown): number => verified.indexOf(String(of));
  return age(image) < 0 || age(image) < age(configAt(before, path) ?? before.stable.image);
}

/** Whether the canary or another provider than the fallback gets more of the traffic. */
function reachesMore({ plan, levers, before }: Compared): boolean {
  const [was, is] = [providerShares(plan, before as Levers), providerShares(plan, levers)];
  const more = Object.entries(is).some(([provider, share]) => provider !== plan.providers.fallback && share > (was[provider] ?? 0));
  return more || (levers.canary?.weight ?? 0) > (before.canary?.weight ?? 0);
}

/** Whether a flag, or any of a group's, is on for somebody for whom it was not; for a safeguard, off. */
function widened(name: string, { plan, before, now }: Compared): boolean {
  const [was, is] = [targetings(plan, before.flags), targetings(plan, now.flags)];
  return (plan.flags.groups[name]?.members ?? [name]).some((flag) => {
    const [from, to] = [was[flag], is[flag]];
    if (!from || !to) return false;
    return plan.flags.known[flag]?.safe === "on" ? wider(to, from) : wider(from, to);
  });
}

/** Whether requests that stable alone answered may reach the canary. */
const freed = (before: RecordedLevers, { pins }: Levers): boolean =>
  pinKinds.some((kind) => before.pins[kind]?.some((entry) => !pins[kind]?.includes(entry)));

/** Whether the database is to have what no verified update gave it. */
function newerRevision({ plan, before, now }: Compared): boolean {
  const age = (levers: RecordedLevers): number =>
    (plan.database?.revisions ?? []).findIndex(({ name }) => name === levers.database?.revision);
  return age(now) > age(before);
}

/** Whether a setting is back to what a rollout replaced, or new in the plan and at its default. */
function settledBefore(name: string, { plan, last, before, now }: Compared): boolean {
  const value = now.settings[name];
  if (before.settings[name] === undefined) return same(value, plan.settings[name]?.default);
  return (last.settingsReplaced ?? []).some((settings) => same(settings[name], value));
}

/** What reaches more since the last update though no lever says so: the plan's own defaults, or its fallback provider, are others. */
function raisedByThePlan({ plan, levers, last, before }: Compared): string[] {
  const unmoved = exposures(plan, before as Levers);
  return Object.entries(exposures(plan, levers)).flatMap(([lever, percentage]) => {
    const recorded = last.exposure?.[lever]?.percentage ?? 0;
    return percentage > recorded && (unmoved[lever] ?? 0) > recorded ? [lever] : [];
  });
}

/** Whether an update changes any lever at all, as far as is known. */
export const changesLevers = ({ levers, last }: Omit<Updating, "plan">): boolean =>
  !last?.levers || changedPaths(last.levers, recordedLevers(levers)).length > 0;
