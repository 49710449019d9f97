import type { Drills } from "../components/guards/drills.ts";
import type { Plan } from "../components/plan/plan.ts";
import { readDrills, writeDrills } from "../stacks/drills.ts";
import { type DrillOutcome, shortcomings } from "./outcome.ts";

/** The levels of a drill that passed: when that was, and how long safety took. */
function passedIn({ levels }: DrillOutcome): Drills {
  const passed = levels.flatMap((level) => {
    const ms = level.measurement?.timeToSafetyMs;
    if (ms == null || shortcomings(level).length > 0) return [];
    const at = `${new Date(level.endedAt).toISOString().slice(0, 19)}Z`;
    return [[level.name, { at, seconds: Math.max(Math.round(ms / 100), 1) / 10 }] as const];
  });
  return Object.fromEntries(passed);
}

/** A system's drills with those of `outcome` in place of the levels' last times. Levels that the plan no longer has go. */
export function withPassed(earlier: Drills, { levels }: Plan, outcome: DrillOutcome): Drills {
  return { ...Object.fromEntries(Object.entries(earlier).filter(([level]) => levels[level])), ...passedIn(outcome) };
}

/** Notes the levels that passed in `stacks/drills/<system>.json`. */
export function recordDrill(plan: Plan, outcome: DrillOutcome): void {
  const passed = Object.keys(passedIn(outcome));
  if (passed.length === 0) {
    console.log("No level passed: nothing is recorded.");
    return;
  }
  writeDrills(plan.system, withPassed(readDrills(plan.system), plan, outcome));
  console.log(`Recorded in stacks/drills/${plan.system}.json: ${passed.join(", ")}. Commit it, with the runbook: npm run runbooks`);
}
