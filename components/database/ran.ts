import type { StateResource } from "../stackState.ts";
import type { DatabaseRun, DatabaseState } from "./move.ts";

export const stepLabel = "rollback-stacks/database";
export const runAnnotation = "rollback-stacks/database-run";

/** What is known of the database. A change in the state that is later than the record is of an update that failed: it may have happened. */
export function databaseSince(last: DatabaseState, state: readonly StateResource[]): DatabaseState {
  const changes = state.flatMap(({ type, outputs }) => (type === "kubernetes:batch/v1:Job" ? (changeIn(outputs.metadata) ?? []) : []));
  const later = changes.filter(({ number }) => number > last.run.number).sort((a, b) => b.number - a.number);
  return later[0] ? { ...last, attempted: later[0] } : last;
}

/** The run that a Job of a stack's state belongs to, where it is one that may have changed the database. */
export function changeIn(metadata: unknown): DatabaseRun | undefined {
  const { labels, annotations } = Object(metadata) as { labels?: Record<string, string>; annotations?: Record<string, string> };
  const run = annotations?.[runAnnotation];
  return labels?.[stepLabel] === "change" && run !== undefined ? JSON.parse(run) : undefined;
}
