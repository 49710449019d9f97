import { exposures } from "../exposure.ts";
import { carriedOut } from "../levers/carriedOut.ts";
import type { Problem } from "../levers/errors.ts";
import type { Plan } from "../plan/plan.ts";
import type { Change, Drilled } from "./change.ts";
import { changesLevers } from "./direction.ts";
import { DrillsError } from "./drills.ts";
import type { Guard } from "./guard.ts";

const day = 24 * 3_600_000;

export const levelDrilled: Guard = {
  name: "level-drilled",
  description: "Before something new reaches anybody, the levels that lead back have been rehearsed within the plan's period.",
  why: "M10, W7: a rollback that nobody has tried lately is a hope",
  severity: "high",
  slowsRollouts: true,
  check(change) {
    const { plan, levers, drills, now } = change;
    // A drill's own stack is one: it cannot ask for a drill first.
    if (levers.environment === "development" || !changesLevers(change)) return [];
    // A damaged file: what it is, and how to mend it.
    if (drills instanceof DrillsError) return [drills.problem];
    return levelsBack(change).flatMap((level): Problem[] => {
      const message = shortcoming(plan, drills[level], now);
      return message ? [{ path: `levels.${level}`, message, command: `npm run drill -- ${plan.system} ${level} --record` }] : [];
    });
  },
};

/** The level that the plan rehearses, and those that leave the milestones at which the change arrives. */
function levelsBack(change: Change): string[] {
  const { plan } = change;
  const milestones = plan.milestones.filter((milestone) => arrivesAt(milestone, change));
  return [...new Set([plan.objectives.drill.level, ...milestones.flatMap(({ backBy }) => backBy ?? [])])];
}

/** Whether a change raises something to a milestone's percentage, or pulls the levers that the milestone names. */
function arrivesAt({ percentage, levers: pulled }: Plan["milestones"][number], { plan, levers, last, forward }: Change): boolean {
  const raised = Object.entries(exposures(plan, levers)).some(
    ([lever, to]) => to === percentage && to > (last?.exposure?.[lever]?.percentage ?? 0),
  );
  const moves = pulled.some(({ path }) => forward.some((moved) => moved === path || moved.startsWith(`${path}.`)));
  return raised || (moves && carriedOut(plan, { steps: [{ levers: pulled }] }, levers));
}

function shortcoming(plan: Plan, drilled: Drilled | undefined, now: Date): string | undefined {
  const { everyDays } = plan.objectives.drill;
  const asked = `the plan asks for a drill every ${everyDays === 1 ? "day" : `${everyDays} days`}`;
  if (!drilled) return `never drilled; ${asked}`;
  const age = now.getTime() - new Date(drilled.at).getTime();
  if (age < 0) return `drilled at ${drilled.at}, which is in the future: it is ${now.toISOString()} by this machine's clock (date -u)`;
  return age > everyDays * day ? `drilled ${Math.floor(age / day)} days ago, at ${drilled.at}; ${asked}` : undefined;
}
