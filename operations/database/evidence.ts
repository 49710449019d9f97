import { createHash } from "node:crypto";
import { createReadStream, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Answers } from "./answers.ts";
import { DatabaseError } from "./errors.ts";
import type { Rows } from "./rows.ts";
import type { Server } from "./server.ts";

/** What is known of a backup; beside it, as `<file>.json`. There is none of a backup that was never restored. */
export interface Evidence {
  file: string;
  /** `host:port/name` of the database that it is of. */
  database: string;
  bytes: number;
  sha256: string;
  /** Everything that was committed by then is in the backup. */
  takenAt: string;
  /** PostgreSQL's, `15.20`. */
  serverVersion: string;
  rows: Rows;
  /** What the plan's integrity queries answered, as expected or not; those that its revision has no tables for are left out. */
  checks: Answers;
  /** When it was restored into a scratch database, and had all of those rows and answers. */
  restoredAt: string;
  seconds: { dump: number; restore: number };
}

/** What stands beside a backup, proved or not; empty where that is no evidence. */
export function evidenceBeside(path: string): Partial<Evidence> {
  try {
    return Object(JSON.parse(readFileSync(`${path}.json`, "utf8")));
  } catch {
    return {};
  }
}

/** Appears whole or not at all: what has evidence is complete. */
export function writeEvidence(path: string, evidence: Evidence): void {
  writeFileSync(`${path}.json.partial`, `${JSON.stringify(evidence, undefined, 2)}\n`, { flush: true });
  renameSync(`${path}.json.partial`, `${path}.json`);
}

/**
 * The evidence of a backup that is, byte by byte, the one that was proved, and whose table of contents can be read by this server's programs.
 * @throws DatabaseError saying what is wrong with it.
 */
export async function provenBackup(server: Server, path: string): Promise<Evidence> {
  const name = basename(path);
  const evidence = readEvidence(path);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new DatabaseError(`${name} is not there; only its evidence, ${name}.json, is`);
  if (size !== evidence.bytes) throw new DatabaseError(`${name} has ${size} bytes; ${evidence.bytes} were backed up`);
  const sha256 = await digestOf(path);
  if (sha256 !== evidence.sha256) throw new DatabaseError(`${name} was changed since it was backed up: its digest is ${sha256}`);
  await mustBeReadable(server, path);
  return evidence;
}

function readEvidence(path: string): Evidence {
  const name = basename(path);
  try {
    return JSON.parse(readFileSync(`${path}.json`, "utf8")) as Evidence;
  } catch (error) {
    if (error instanceof SyntaxError) throw new DatabaseError(`${name}.json, the evidence of ${name}, is no JSON; take another backup`);
    throw new DatabaseError(`${name} was never proved: ${name}.json is not beside it`);
  }
}

/** Also what a pg_restore of another version wrote, or another major version of the server: neither is sure to come back as it was. */
async function mustBeReadable(server: Server, path: string): Promise<void> {
  const contents = await server.run("pg_restore", ["--list", path]).catch((error: Error) => {
    throw new DatabaseError(`${basename(path)} cannot be read: ${error.message}`);
  });
  const [, dumped] = /^;\s+Dumped from database version: (\S+)/m.exec(contents) ?? [];
  const version = await server.version();
  if (dumped?.split(".")[0] === version.split(".")[0]) return;
  throw new DatabaseError(
    `${basename(path)} is from PostgreSQL ${dumped}, the server is PostgreSQL ${version}; restore a backup of the same major version`,
  );
}

export async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
