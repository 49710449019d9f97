import { leversSchema } from "../levers/levers.ts";
import { leverAt } from "../levers/path.ts";
import { configAt } from "../levers/pulled.ts";
import type { Plan, PlanLever } from "../plan/plan.ts";
import { same } from "./changedPaths.ts";

interface Moved {
  /** The levers before, of which a level may take what another lever is set to. */
  before: unknown;
  now: unknown;
}

/**
 * Whether a level of the plan leaves a lever as it is now. Where the value is a person's to choose, or lowers a percentage in the plan's
 * before state, the way it moved must tell as well; of settings none does, so any that a person may choose is the level's.
 */
export function carriesOutALevel(plan: Plan, { before, now }: Moved, path: string): boolean {
  const pulled = Object.values(plan.levels).flatMap(({ steps }) => steps.flatMap(({ levers }) => levers));
  return pulled.some((lever) => {
    if (path !== lever.path && !path.startsWith(`${lever.path}.`)) return false;
    if ("value" in lever && lever.chosen !== undefined) return path.startsWith("settings.");
    return !raisesInstead(plan, lever, before) && same(configAt(now, path), leftBy(plan, lever, before, path));
  });
}

function leftBy(plan: Plan, lever: PlanLever, before: unknown, path: string): unknown {
  const below = path.slice(lever.path.length);
  if ("sameAs" in lever) return configAt(before, `${lever.sameAs}${below}`);
  const found = leverAt(leversSchema(plan), lever.path);
  const left = typeof found === "string" ? undefined : found.safeParse("value" in lever ? lever.value : undefined).data;
  return below === "" ? left : configAt(left, below.slice(1));
}

/** Whether a level that is to lower a percentage, "down to 10 %", would raise it from here. */
function raisesInstead(plan: Plan, lever: PlanLever, before: unknown): boolean {
  if (!("value" in lever) || !/^canary\.weight$|^flags\..*\.percentage$/.test(lever.path)) return false;
  const agreed = Number(configAt(plan.before, lever.path) ?? 100);
  return Number(lever.value) < agreed && Number(lever.value) > Number(configAt(before, lever.path) ?? 0);
}
