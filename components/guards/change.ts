import type { Levers } from "../levers/levers.ts";
import type { Plan } from "../plan/plan.ts";
import type { ReleaseRecord } from "../releaseRecord.ts";
import { forwardMoves } from "./direction.ts";
import type { Drills, DrillsError } from "./drills.ts";

/** The last good rehearsal of a level. */
export interface Drilled {
  /** When it ended. */
  at: string;
  /** From pulling the lever to safety. */
  seconds: number;
}

export interface ChangeArgs {
  plan: Plan;
  /** What the stack is to be. */
  levers: Levers;
  /** What the last verified update left; nothing on the first one. */
  last: ReleaseRecord | undefined;
  /** By level; or why nothing is known of them. */
  drills: Drills | DrillsError;
  now: Date;
}

/** An update that is about to happen, as the guards see it. */
export interface Change extends ChangeArgs {
  /** Levers that let something new reach more, or that nobody has tried: none for a rollback. */
  forward: readonly string[];
}

export function describeChange(args: ChangeArgs): Change {
  return { ...args, forward: forwardMoves(args) };
}
