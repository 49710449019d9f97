import type { DatabaseRun } from "../../components/database/move.ts";
import { databaseSince } from "../../components/database/ran.ts";
import type { Plan } from "../../components/plan/plan.ts";
import type { ReleaseRecord } from "../../components/releaseRecord.ts";
import type { StateResource } from "../stack/state.ts";

export interface DatabaseStatus {
  /** That the last verified update left, and what the plan calls it. */
  revision: string;
  title: string;
  /** The backup that its data were restored from, as long as the stack says so. */
  restored: string | null;
  /** What an update that failed since may have done: which of the two revisions the database has is not known. */
  attempted: Pick<DatabaseRun, "way" | "revision"> | null;
  /** The newest that an update made and proved; a provider tells no size. */
  backup: { file: string; bytes: number | null; restoredAt: string } | null;
}

/** The database as updates left it; nothing where none has left one. */
export function databaseOf(
  { database: plan }: Plan,
  record: ReleaseRecord | undefined,
  resources: readonly StateResource[],
): DatabaseStatus | null {
  if (!record?.database) return null;
  const state = resources.map(({ type, outputs = {} }) => ({ type, outputs }));
  const { revision, restore = null, attempted, evidence } = databaseSince(record.database, state);
  const backup = evidence?.backup as DatabaseStatus["backup"] | undefined;
  return {
    revision,
    title: plan?.revisions.find(({ name }) => name === revision)?.title ?? "",
    restored: restore,
    attempted: attempted ? { way: attempted.way, revision: attempted.revision } : null,
    backup: backup ? { file: backup.file, bytes: backup.bytes ?? null, restoredAt: backup.restoredAt } : null,
  };
}
