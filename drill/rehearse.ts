/** Level after level, with the before state restored after each. */

import type { Lever } from "../components/levers/commands.ts";
import type { Plan } from "../components/plan/plan.ts";
import { drillLevel, type LevelContext, restore } from "./level.ts";
import { commandsFor, currentLevers, pathsOf } from "./levers.ts";
import type { LevelOutcome } from "./outcome.ts";
import { CommandError } from "./pulumi.ts";
import { project, readStackConfig } from "./stack.ts";

export interface Rehearsal extends LevelContext {
  stack: string;
  /** Told which levers must be set back before a level pulls its own, and null when they are back. */
  onPulled: (before: readonly Lever[] | null) => void;
}

/** Throws where `names` holds a level that the plan does not have. */
export function chooseLevels(plan: Plan, names: readonly string[]): string[] {
  const known = Object.keys(plan.levels);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`the plan of ${plan.system} has no level ${unknown.join(", ")}; it has ${known.join(", ")}`);
  return names.length > 0 ? [...names] : known;
}

/** Drills `names` in order. Stops early when interrupted or when the before state could not be restored. */
export async function rehearse(names: readonly string[], rehearsal: Rehearsal): Promise<LevelOutcome[]> {
  const outcomes: LevelOutcome[] = [];
  for (const name of names) {
    const level = rehearsal.plan.levels[name];
    if (level === undefined) continue;
    const before = currentLevers(readStackConfig(rehearsal.stack), pathsOf(level), project);
    rehearsal.onPulled(before);
    const outcome = await drillLevel(name, level, rehearsal);
    outcomes.push(outcome);
    const restored = outcome.marks === null || (await putBack(outcome, before, rehearsal));
    if (!restored) break;
    rehearsal.onPulled(null);
    if (rehearsal.signal.aborted) break;
  }
  return outcomes;
}

async function putBack(outcome: LevelOutcome, before: readonly Lever[], { pulumi, step, stack }: Rehearsal): Promise<boolean> {
  try {
    outcome.rollbacks = await step(`${outcome.name}: restoring the before state`, () => restore(before, pulumi));
    return true;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const way = commandsFor(before, stack).map((command) => `  ${command}`);
    const failure = [`the before state could not be restored: ${error.message}`, "these commands restore it:", ...way].join("\n");
    outcome.error = outcome.error === null ? failure : `${outcome.error}\n${failure}`;
    return false;
  }
}
