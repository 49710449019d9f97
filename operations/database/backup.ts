import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Client } from "pg";
import { roomFor, shortage } from "./disk.ts";
import { DatabaseError } from "./errors.ts";
import { digestOf, type Evidence, provenBackup, writeEvidence } from "./evidence.ts";
import { alone } from "./lock.ts";
import { countRows, differences } from "./rows.ts";
import { tryRestore } from "./scratch.ts";
import type { Server } from "./server.ts";

/**
 * Backs a database up into a folder and proves the backup: it is restored into a scratch database, where every table has as many rows
 * as it had in the very snapshot that was dumped. Users notice nothing, and whatever fails, the database is as it was.
 *
 * Backups are named by time and digest; none is ever overwritten or deleted.
 * @throws DatabaseError where another step is under way on the database, the folder's disk is too small, or the backup is not whole.
 */
export async function backUp(server: Server, folder: string, now: () => Date = () => new Date()): Promise<Evidence> {
  mkdirSync(folder, { recursive: true });
  const partial = join(folder, `.${encodeURIComponent(server.database)}.partial.dump`);
  return alone(server, async () => {
    try {
      // What a killed run left takes room.
      rmSync(partial, { force: true });
      const [short] = shortage(await roomFor(server, folder), server, folder);
      if (short !== undefined) throw new DatabaseError(short);
      const began = now();
      const { takenAt, serverVersion, rows } = await dump(server, partial, now);
      const dumped = now();
      const sha256 = await digestOf(partial);
      const restored = await tryRestore(server, partial);
      const lost = differences(rows, restored);
      if (lost.length > 0) throw new DatabaseError(`the backup is not whole: restored, ${lost.join("; ")}`);
      const restoredAt = now();
      const file = `${takenAt.toISOString().replaceAll(/[:.]/g, "-")}-${sha256.slice(0, 12)}.dump`;
      const evidence: Evidence = {
        file,
        bytes: statSync(partial).size,
        sha256,
        takenAt: takenAt.toISOString(),
        serverVersion,
        rows,
        restoredAt: restoredAt.toISOString(),
        seconds: { dump: secondsBetween(began, dumped), restore: secondsBetween(dumped, restoredAt) },
      };
      renameSync(partial, join(folder, file));
      writeEvidence(join(folder, file), evidence);
      return evidence;
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

/** Dump and counts are of one snapshot, so that they agree though rows are written meanwhile. */
function dump(server: Server, file: string, now: () => Date): Promise<Pick<Evidence, "serverVersion" | "rows"> & { takenAt: Date }> {
  return server.session(server.database, async (client) => {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const snapshot = await only(client, "SELECT pg_export_snapshot()");
    const takenAt = now();
    const serverVersion = await only(client, "SELECT split_part(current_setting('server_version'), ' ', 1)");
    // Half the time of the level that pg_dump takes by itself, for a file a seventh larger (100 MiB of text).
    await server.run("pg_dump", ["--format=custom", "--compress=1", `--snapshot=${snapshot}`, `--file=${file}`], server.database);
    return { takenAt, serverVersion, rows: await countRows(client) };
  });
}

async function only(client: Client, sql: string): Promise<string> {
  const { rows } = await client.query<string[]>({ text: sql, rowMode: "array" });
  return String(rows[0]?.[0]);
}

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;
