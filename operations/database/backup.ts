import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Client } from "pg";
import { DatabaseError } from "./errors.ts";
import { countRows, differences, type Rows } from "./rows.ts";
import { tryRestore } from "./scratch.ts";
import type { Server } from "./server.ts";

/** What is known of a backup; beside it, as `<file>.json`. There is none of a backup that was never restored. */
export interface Evidence {
  file: string;
  bytes: number;
  sha256: string;
  /** What the backup has is what the database had then. */
  takenAt: string;
  /** PostgreSQL's, `15.20`. */
  serverVersion: string;
  rows: Rows;
  /** When it was restored into a scratch database, and had all of those rows. */
  restoredAt: string;
  seconds: { dump: number; restore: number };
}

/** Shared by everything that must not happen to one database at once. */
const advisoryLock = "hashtext('rollback-stacks'), hashtext(current_database())";

/**
 * Backs a database up into a folder and proves the backup: it is restored into a scratch database, where every table has as many rows
 * as it had in the very snapshot that was dumped. Users notice nothing, and whatever fails, the database is as it was.
 *
 * Backups are named by time and digest; none is ever overwritten or deleted.
 * @throws DatabaseError where another step is under way on the database, the folder's disk is too small, or the backup is not whole.
 */
export async function backUp(server: Server, folder: string, now: () => Date = () => new Date()): Promise<Evidence> {
  mkdirSync(folder, { recursive: true });
  const partial = join(folder, ".partial.dump");
  return alone(server, async () => {
    try {
      await mustFit(server, folder);
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
      // Last: what has evidence is complete.
      writeFileSync(join(folder, `${file}.json.partial`), `${JSON.stringify(evidence, undefined, 2)}\n`);
      renameSync(join(folder, `${file}.json.partial`), join(folder, `${file}.json`));
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
  const evidence = readEvidence(file);
  const { size } = statSync(file);
  const sha256 = await digestOf(file);
  if (size !== evidence.bytes) throw new DatabaseError(`${basename(file)} has ${size} bytes; ${evidence.bytes} were backed up`);
  if (sha256 !== evidence.sha256) throw new DatabaseError(`${basename(file)} was changed since it was backed up: its digest is ${sha256}`);
  return alone(server, async () => {
    const lost = differences(evidence.rows, await tryRestore(server, file));
    if (lost.length > 0) throw new DatabaseError(`${basename(file)} is not whole: restored, ${lost.join("; ")}`);
    return evidence;
  });
}

function readEvidence(file: string): Evidence {
  try {
    return JSON.parse(readFileSync(`${file}.json`, "utf8")) as Evidence;
  } catch {
    throw new DatabaseError(`${basename(file)} was never proved: ${basename(file)}.json is not beside it`);
  }
}

/** One step at a time on a database, whoever takes it. */
function alone<T>(server: Server, work: () => Promise<T>): Promise<T> {
  return server.session(server.database, async (client) => {
    const { rows } = await client.query<{ locked: boolean }>(`SELECT pg_try_advisory_lock(${advisoryLock}) AS locked`);
    if (!rows[0]?.locked) {
      throw new DatabaseError(
        `another step is under way on the database ${server.database}; nothing was changed. Try again when it is over`,
      );
    }
    return work();
  });
}

/** A dump is compressed, so that it needs less than the database does; how much less, nobody knows before. */
async function mustFit(server: Server, folder: string): Promise<void> {
  const size = await server.session(server.database, async (client) => {
    const { rows } = await client.query<{ size: string }>("SELECT pg_database_size(current_database()) AS size");
    return Number(rows[0]?.size);
  });
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= size) return;
  const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  throw new DatabaseError(
    `${folder} has ${mebibytes(bavail * bsize)} free; a backup of ${server.database} may take ${mebibytes(size)}. Nothing was changed`,
  );
}

/** Dump and counts are of one snapshot, so that they agree though rows are written meanwhile. */
function dump(server: Server, file: string, now: () => Date): Promise<Pick<Evidence, "serverVersion" | "rows"> & { takenAt: Date }> {
  return server.session(server.database, async (client) => {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const snapshot = await only(client, "SELECT pg_export_snapshot()");
    const takenAt = now();
    const serverVersion = await only(client, "SELECT split_part(current_setting('server_version'), ' ', 1)");
    await server.run("pg_dump", ["--format=custom", `--snapshot=${snapshot}`, `--file=${file}`], server.database);
    return { takenAt, serverVersion, rows: await countRows(client) };
  });
}

async function only(client: Client, sql: string): Promise<string> {
  const { rows } = await client.query<string[]>({ text: sql, rowMode: "array" });
  return String(rows[0]?.[0]);
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;
