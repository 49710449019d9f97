import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Client } from "pg";
import { answersTo, otherAnswers, sayAnswers } from "./answers.ts";
import { reading } from "./check.ts";
import type { Queries } from "./checks.ts";
import { roomFor, shortage } from "./disk.ts";
import { DatabaseError } from "./errors.ts";
import { digestOf, type Evidence, provenBackup, writeEvidence } from "./evidence.ts";
import { alone } from "./lock.ts";
import { restoredFrom } from "./restore.ts";
import { deleteOldest, type Retention } from "./retention.ts";
import { countRows, differences } from "./rows.ts";
import { inScratch, tryRestore } from "./scratch.ts";
import type { Server } from "./server.ts";
import type { Say } from "./steps.ts";

export interface BackupOptions {
  /** What the snapshot and its trial restore are asked. */
  queries?: Queries | undefined;
  /** The dump is written from its beginning to its end: to a bucket, whose objects are written in no other way. */
  sequential?: boolean;
  /** How many backups of the database stay once this one is proved; without it, all of them. */
  retention?: Retention | undefined;
  say?: Say;
  now?: () => Date;
}

/** What a backup is known by, and the names of earlier ones that were deleted for it. */
export type BackedUp = Evidence & { deleted: string[] };

/**
 * Backs a database up into a folder and proves the backup: it is restored into a scratch database, where every table has as many rows
 * as it had in the very snapshot that was dumped, and every check answers as it did there, be that as expected or not. Users notice nothing,
 * and whatever fails, the database is as it was.
 *
 * Backups are named by time and digest; none is ever overwritten, and none deleted but for the sake of one that was proved.
 * @throws DatabaseError where another step is under way on the database, the folder's disk is too small, or the backup is not whole.
 */
export async function backUp(
  server: Server,
  folder: string,
  { queries = {}, sequential = false, retention, say = () => {}, now = () => new Date() }: BackupOptions = {},
): Promise<BackedUp> {
  mkdirSync(folder, { recursive: true });
  const partial = join(folder, `.${encodeURIComponent(server.database)}.partial.dump`);
  return alone(server, async () => {
    try {
      // What a killed run left takes room.
      rmSync(partial, { force: true });
      const [short] = shortage(await roomFor(server, folder), server, folder);
      if (short !== undefined) throw new DatabaseError(short);
      const began = now();
      const { takenAt, serverVersion, rows, checks } = await dump(server, { file: partial, sequential }, queries, now);
      sayAnswers(checks, queries, say);
      const dumped = now();
      const sha256 = await digestOf(partial);
      const restored = await inScratch(server, partial, (client) => lookAt(client, queries));
      const lost = [...differences(rows, restored.rows), ...otherAnswers(checks, restored.checks)];
      if (lost.length > 0) throw new DatabaseError(`the backup is not whole: restored, ${lost.join("; ")}`);
      const restoredAt = now();
      const file = `${takenAt.toISOString().replaceAll(/[:.]/g, "-")}-${sha256.slice(0, 12)}.dump`;
      const evidence: Evidence = {
        file,
        database: server.identity,
        bytes: statSync(partial).size,
        sha256,
        takenAt: takenAt.toISOString(),
        serverVersion,
        rows,
        checks,
        restoredAt: restoredAt.toISOString(),
        seconds: { dump: secondsBetween(began, dumped), restore: secondsBetween(dumped, restoredAt) },
      };
      renameSync(partial, join(folder, file));
      writeEvidence(join(folder, file), evidence);
      return { ...evidence, deleted: retention ? await deleteOthers(server, folder, retention, say) : [] };
    } finally {
      rmSync(partial, { force: true });
    }
  });
}

/**
 * Proves an earlier backup again: the file is the one that was proved then, and it can be restored, with all of its rows.
 * @throws DatabaseError saying what is wrong with it.
 */
export async function verifyBackup(server: Server, file: string): Promise<Evidence> {
  const evidence = await provenBackup(server, file);
  return alone(server, async () => {
    const lost = differences(evidence.rows, await tryRestore(server, file));
    if (lost.length > 0) throw new DatabaseError(`${basename(file)} is not whole: restored, ${lost.join("; ")}`);
    return evidence;
  });
}

/** The backup is proved by then, whatever comes of this. */
async function deleteOthers(server: Server, folder: string, { keep, spare }: Retention, say: Say): Promise<string[]> {
  try {
    const restored = await restoredFrom(server);
    const deleted = deleteOldest(server, folder, { keep, spare: [...spare, ...(restored === undefined ? [] : [restored])] });
    for (const file of deleted) say(`${file} was deleted: the newest ${keep} are kept, and those that the stack names`);
    return deleted;
  } catch (error) {
    say(`earlier backups were not deleted: ${(error as Error).message}`);
    return [];
  }
}

/** What proves that a copy is one. */
type Look = Pick<Evidence, "rows" | "checks">;

const lookAt = (client: Client, queries: Queries): Promise<Look> =>
  reading(client, async () => ({ rows: await countRows(client), checks: await answersTo(client, queries) }));

/** Dump, counts and answers are of one snapshot, so that they agree though rows are written meanwhile. */
function dump(
  server: Server,
  { file, sequential }: { file: string; sequential: boolean },
  queries: Queries,
  now: () => Date,
): Promise<Look & Pick<Evidence, "serverVersion"> & { takenAt: Date }> {
  return server.session(server.database, async (client) => {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    // Before the snapshot: all that was written by then is in it.
    const takenAt = now();
    const snapshot = await only(client, "SELECT pg_export_snapshot()");
    const serverVersion = await only(client, "SELECT split_part(current_setting('server_version'), ' ', 1)");
    // Half the time of the level that pg_dump takes by itself, for a file a seventh larger (100 MiB of text).
    const args = ["--format=custom", "--compress=1", `--snapshot=${snapshot}`];
    // Into a file, pg_dump goes back at last and notes where each table's rows are. Cloud Storage FUSE would then fetch the whole dump to the
    // node's disk and send it again. Without the notes, each of pg_restore's jobs looks through the dump once: PostgreSQL's commit f009591d.
    if (sequential) await server.run("pg_dump", args, server.database, file);
    else await server.run("pg_dump", [...args, `--file=${file}`], server.database);
    return { takenAt, serverVersion, rows: await countRows(client), checks: await answersTo(client, queries) };
  });
}

async function only(client: Client, sql: string): Promise<string> {
  const { rows } = await client.query<string[]>({ text: sql, rowMode: "array" });
  return String(rows[0]?.[0]);
}

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;
