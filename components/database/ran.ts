import type { StateResource } from "../stackState.ts";
import { type DatabaseRun, type DatabaseState, inOrder } from "./move.ts";

export const stepLabel = "rollback-stacks/database";
export const runAnnotation = "rollback-stacks/database-run";

/** Labels and annotations of what belongs to a run, by which a stack's state tells how far the run came. */
export const marksOf = (part: string, run: DatabaseRun) => ({
  labels: { [stepLabel]: part },
  annotations: { [runAnnotation]: JSON.stringify(inOrder(run)) },
});

/** What is known of the database. A run in the state that is later than the record is of an update that failed: what it did may have happened. */
export function databaseSince(last: DatabaseState, state: readonly StateResource[]): DatabaseState {
  const later = state
    .flatMap(({ outputs }) => markIn(outputs.metadata) ?? [])
    .filter(({ run }) => run.number > last.run.number)
    .sort((a, b) => b.run.number - a.run.number);
  const attempted = later.find(({ part }) => part === "change")?.run;
  return { ...last, ...(later[0] && { begun: later[0].run.number }), ...(attempted && { attempted }) };
}

function markIn(metadata: unknown): { part: string; run: DatabaseRun } | undefined {
  const { labels, annotations } = Object(metadata) as { labels?: Record<string, string>; annotations?: Record<string, string> };
  const [part, run] = [labels?.[stepLabel], annotations?.[runAnnotation]];
  return part !== undefined && run !== undefined ? { part, run: JSON.parse(run) } : undefined;
}
