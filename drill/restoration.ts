/** What a restore lost of the rows that clients were told of, beside what it was to lose (rows B4, B5). */

import type { Evidence } from "../operations/database/evidence.ts";
import type { Loss } from "../operations/database/loss.ts";
import { namedIds } from "./savedRows.ts";

export type Backup = Pick<Evidence, "file" | "takenAt">;

/** A row that a client was told of. Times are milliseconds since the epoch, of the request and of its answer. */
export interface ToldRow {
  id: string;
  startedAt: number;
  endedAt: number;
}

/** A level's restore, and what became of the rows. */
export interface Restoration {
  /** What the data came from: taken by the deployment that the level takes back. */
  backup: Backup;
  /** Taken by the level just before the restore. */
  forensic: Backup;
  /** What the step `loss` says. */
  window: Loss["window"];
  /** Rows that clients were told of, until the level was over. */
  told: number;
  /** Those of them that the restore took away. */
  lost: number;
  /** The table that they are in, and how many of its rows the restore took away in all: also those that nobody was told of. */
  table: string;
  lostOfTable: number;
  /** Rows of it that the step `recover` brought back. */
  recovered: number;
  /** What is not as it was to be, as a person would say it. */
  problems: string[];
}

/** What was found when the level was over. */
export interface Found {
  told: readonly ToldRow[];
  /** Ids of those that the database has. */
  there: ReadonlySet<string>;
  /** Ids of the table's rows that the database of before the restore has and the one in use has not. */
  lost: ReadonlySet<string>;
  table: string;
}

/**
 * Every row told before the backup was taken is there; every one that is gone is in the stated window, and in the database of before; every
 * one in the window is gone; and as many are gone as `loss` counts.
 */
export function problemsOf(
  { told, there, lost, table }: Found,
  backup: Backup,
  { window, tables }: Pick<Loss, "window" | "tables">,
): string[] {
  const [takenAt, from, to] = [backup.takenAt, window.from ?? backup.takenAt, window.to].map((time) => Date.parse(time)) as [
    number,
    number,
    number,
  ];
  const gone = told.filter(({ id }) => !there.has(id));
  const stated = tables[`public.${table}`]?.missing ?? 0;
  return [
    ...rows(
      gone.filter(({ endedAt }) => endedAt <= takenAt),
      `are gone, though clients were told of them before the backup was taken, at ${backup.takenAt}`,
    ),
    ...rows(
      gone.filter(({ startedAt, endedAt }) => endedAt < from || startedAt > to),
      `are gone, and outside the window that loss says`,
    ),
    ...rows(
      gone.filter(({ id }) => !lost.has(id)),
      "are gone, and the database of before the restore does not have them either",
    ),
    ...rows(
      // The window's times are those of rows, less what is below a millisecond.
      told.filter(({ id, startedAt, endedAt }) => there.has(id) && startedAt > from + 1 && endedAt < to),
      "are there, though the window that loss says has them",
    ),
    ...(stated === lost.size ? [] : [`loss says that ${stated} rows of ${table} are missing; ${lost.size} are`]),
  ];
}

const rows = (found: readonly ToldRow[], what: string): string[] =>
  found.length === 0 ? [] : [`${found.length} saved rows ${what}: ${namedIds(found.map(({ id }) => id))}`];

/** "412 of 3312 rows that clients were told of were lost, …". */
export function lossLine({ backup, window, told, lost, table, lostOfTable, recovered }: Restoration): string {
  const since = window.from === undefined ? "" : ` from ${window.from}`;
  return (
    `Restored from \`${backup.file}\` of ${backup.takenAt}. Data-loss window:${since} to ${window.to}${window.seconds === undefined ? "" : ` (${window.seconds.toFixed(1)} s)`}. ` +
    `Lost: ${lost} of ${told} rows that clients were told of, among ${lostOfTable} of \`${table}\`. Recovered: ${recovered} of those ${lostOfTable}.`
  );
}
