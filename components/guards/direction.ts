/** Which way an update goes: forward, to something new for someone, or back. */

import { exposures } from "../exposure.ts";
import { type Targeting, targetings } from "../flags/targeting.ts";
import { type Levers, leversSchema } from "../levers/levers.ts";
import { leverAt } from "../levers/path.ts";
import { pinKinds } from "../levers/pins.ts";
import { isObject } from "../levers/scalars.ts";
import { audiences } from "../plan/flag.ts";
import type { Plan, PlanLever } from "../plan/plan.ts";
import { type RecordedLevers, type ReleaseRecord, recordedLevers } from "../releaseRecord.ts";

interface Updating {
  plan: Plan;
  levers: Levers;
  last: ReleaseRecord | undefined;
}

/**
 * The levers by which an update moves forward: those that it changes to something else than a level of the plan or an earlier verified
 * update would, and not to less. None for a rollback, whatever combination of levels it is, and none where nothing changes.
 *
 * Of a stack's first update, and of one after a record that an earlier version of this project left, nothing is known: every lever that
 * exposes somebody to something new moves forward then.
 */
export function forwardMoves({ plan, levers, last }: Updating): string[] {
  const now = recordedLevers(levers);
  const before = last?.levers;
  if (!last || !before) return ["stable.image", ...exposed(plan, levers)];
  return changedPaths(before, now).filter((path) => {
    const value = at(now, path);
    if (carriesOutALevel(plan, before, path, value)) return false;
    return forward(path, { plan, levers, last, before, now });
  });
}

const exposed = (plan: Plan, levers: Levers): string[] =>
  Object.entries(exposures(plan, levers)).flatMap(([lever, percentage]) => (percentage > 0 ? [lever] : []));

interface Compared extends Updating {
  last: ReleaseRecord;
  before: RecordedLevers;
  now: RecordedLevers;
}

/** Whether a lever that no level sets to this value lets something new reach more. */
function forward(path: string, compared: Compared): boolean {
  const { plan, levers, last, before, now } = compared;
  const [lever = "", of = ""] = path.split(".");
  if (path === "canary.image" && !levers.canary?.weight) return false;
  if (path.endsWith(".image")) return at(now, path) !== undefined && !last.images?.includes(String(at(now, path)));
  if (path.endsWith("aiProvider") || lever === "canary") return reachesMore(compared);
  if (lever === "flags") return widened(plan, compared, of);
  if (lever === "pins") return pinKinds.some((kind) => before.pins[kind]?.some((entry) => !levers.pins[kind]?.includes(entry)));
  if (lever === "maintenance") return false;
  return true;
}

/** Whether the canary or another provider than the fallback gets more of the traffic. */
function reachesMore({ plan, levers, before }: Compared): boolean {
  const was = exposures(plan, before as Levers);
  const is = exposures(plan, levers);
  return ["canary.weight", "aiProvider"].some((lever) => (is[lever] ?? 0) > (was[lever] ?? 0));
}

/** Whether a flag, or any of a group's, is on for somebody for whom it was not; for a safeguard, off. */
function widened(plan: Plan, { before, now }: Compared, name: string): boolean {
  const [was, is] = [targetings(plan, before.flags), targetings(plan, now.flags)];
  return (plan.flags.groups[name]?.members ?? [name]).some((flag) => {
    const [from, to] = [was[flag], is[flag]];
    if (!from || !to) return true;
    return plan.flags.known[flag]?.safe === "on" ? wider(to, from) : wider(from, to);
  });
}

/** Whether anyone gets in by `to` who was out by `from`. */
function wider(from: Targeting, to: Targeting): boolean {
  if (!to.enabled) return false;
  if (!from.enabled || to.percentage > from.percentage) return true;
  return audiences.some((audience) => {
    const [allowed, denied] = [to.only[audience], to.except[audience] ?? []];
    const more = from.only[audience] !== undefined && (allowed?.some((entry) => !from.only[audience]?.includes(entry)) ?? true);
    return more || (from.except[audience] ?? []).some((entry) => !denied.includes(entry) && (allowed?.includes(entry) ?? true));
  });
}

/** Whether a level of the plan leaves a lever like this, from the levers before it. What a person chooses there, only the direction tells. */
function carriesOutALevel(plan: Plan, before: RecordedLevers, path: string, value: unknown): boolean {
  const schema = leversSchema(plan);
  const pulled = Object.values(plan.levels).flatMap(({ steps }) => steps.flatMap(({ levers }) => levers));
  return pulled.some((lever) => {
    if (path !== lever.path && !path.startsWith(`${lever.path}.`)) return false;
    return same(value, leftBy(lever, before, schema, path));
  });
}

const chosen = Symbol("what a person chooses");

function leftBy(lever: PlanLever, before: RecordedLevers, schema: ReturnType<typeof leversSchema>, path: string): unknown {
  if ("sameAs" in lever) return at(before, lever.sameAs);
  if ("value" in lever && lever.chosen !== undefined) return chosen;
  const found = leverAt(schema, lever.path);
  const left = typeof found === "string" ? undefined : found.safeParse("value" in lever ? lever.value : undefined).data;
  return at(left, path.slice(lever.path.length + 1));
}

/** Every path below which two sets of levers differ, down to what is no map. */
export function changedPaths(before: unknown, now: unknown, path = ""): string[] {
  if (same(before, now)) return [];
  if (!isObject(before) && !isObject(now)) return [path];
  const keys = [...new Set([...Object.keys(Object(before)), ...Object.keys(Object(now))])];
  return keys.flatMap((key) => changedPaths(Object(before)[key], Object(now)[key], path ? `${path}.${key}` : key));
}

const at = (holder: unknown, path: string): unknown =>
  path === "" ? holder : path.split(".").reduce<unknown>((inner, key) => Object(inner)[key], holder);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
