import { isObject } from "../../components/levers/scalars.ts";
import type { Level, Plan } from "../../components/plan/plan.ts";
import { same } from "../change/restored.ts";
import { OperatorError } from "../operatorError.ts";
import { type ToldUpdate, told } from "../pastLine.ts";
import { isDataWork, type PastUpdate } from "../stack/history.ts";
import type { RawLevers } from "../stack/levers.ts";

/** A rollback of the past, as the history has it. */
export interface Happened {
  /** What was recorded of it: reason, incident, who. */
  change: RawLevers;
  /** Nothing for a way back that no level of the plan names. */
  level: { name: string; plan: Level } | undefined;
  /** In the words of the history: `rollback to flag`. */
  what: string;
  /** Its updates, the first one first: a level of several steps has several. */
  steps: readonly PastUpdate[];
  /** The last update before it; nothing where the history does not reach so far back. */
  before: PastUpdate | undefined;
  ended: ToldUpdate["ended"] | "under way";
}

/**
 * The newest rollback, or the newest one for an incident. An update that only inherited another's record is none, and neither is the
 * undoing of a rollback, unless it is asked for by an incident of its own.
 * @param history the newest update first
 * @throws {OperatorError} where there is none.
 */
export function lastRollback(plan: Plan, history: readonly PastUpdate[], stack: string, incident?: string): Happened {
  for (const [index, update] of history.entries()) {
    const { change } = update.levers;
    const before = history[index + 1];
    if (!isObject(change) || !isRollback(update, before)) continue;
    if (incident === undefined || String(change.incident) === incident) return happened(plan, history.slice(index), change);
  }
  const which = incident === undefined ? "" : ` for incident ${incident}`;
  throw new OperatorError(
    `no rollback${which} is in the last ${history.length} updates of stack ${stack}.\n    look with: rollback history --stack ${stack} --count 50`,
    "refused",
  );
}

function isRollback(update: PastUpdate, before: PastUpdate | undefined): boolean {
  const { what, level } = told(update);
  if (what === "pulumi up")
    return isObject(update.levers.change) && "level" in update.levers.change && !same(update.levers.change, before?.levers.change);
  const undoesOne = what === "rollback undo" && before !== undefined && /^rollback (to|last-good)/.test(told(before).what);
  return level !== null || !undoesOne;
}

function happened(plan: Plan, [last, ...older]: readonly PastUpdate[], change: RawLevers): Happened {
  const newest = last as PastUpdate;
  const { what, ended } = told(newest);
  const name = change.level === undefined ? undefined : String(change.level);
  const level = name === undefined ? undefined : plan.levels[name];
  const all = level?.steps.length ?? 1;
  const earlier = older.slice(0, all - 1);
  const cut = earlier.findIndex(({ message }) => message !== newest.message);
  const steps = [newest, ...(cut < 0 ? earlier : earlier.slice(0, cut))].reverse();
  const goesOn = newest.result === "in-progress" || (newest.result === "succeeded" && steps.length < all);
  return {
    change,
    level: name !== undefined && level ? { name, plan: level } : undefined,
    what,
    steps,
    before: older[steps.length - 1],
    ended: goesOn ? "under way" : ended,
  };
}

/**
 * Everything that was done for an incident, the first first: other levels that were tried before, what was done after, and work on data.
 * @param work the newest first
 */
export function workFor({ change, steps }: Happened, work: readonly PastUpdate[]): PastUpdate[] {
  if (change.incident === undefined) return [...steps];
  const incident = String(change.incident);
  const updates = work.filter((one) => !isDataWork(one));
  const recorded = ({ levers }: PastUpdate) => isObject(levers.change) && String(levers.change.incident) === incident;
  const belongs = (one: PastUpdate) => (isDataWork(one) ? recorded(one) || told(one).incident === incident : recorded(one) && changed(one));
  const changed = (update: PastUpdate) => steps.includes(update) || isRollback(update, updates[updates.indexOf(update) + 1]);
  return work.filter(belongs).reverse();
}
