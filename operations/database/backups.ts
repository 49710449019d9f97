import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseError } from "./errors.ts";
import { evidenceBeside } from "./evidence.ts";

export interface ListedBackup {
  file: string;
  bytes: number;
  /** When what it has was what the database had; of one that was never proved, when its file was written. UTC. */
  takenAt: string;
  /** When it was restored for a trial; missing where it never was, or its file is of another size since. */
  restoredAt?: string;
}

/**
 * The backups of a folder, the newest first, by their evidence. Digests are for who restores one: this is to be quick.
 * @throws DatabaseError where the folder cannot be read.
 */
export function listBackups(folder: string): { backups: ListedBackup[] } {
  const files = readFolder(folder).filter((file) => file.endsWith(".dump") && !file.startsWith("."));
  const backups = files.map((file) => listed(folder, file));
  return { backups: backups.sort((a, b) => b.takenAt.localeCompare(a.takenAt)) };
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new DatabaseError((error as Error).message);
  }
}

function listed(folder: string, file: string): ListedBackup {
  const path = join(folder, file);
  const { size, mtime } = statSync(path);
  const evidence = evidenceBeside(path);
  const { takenAt = mtime.toISOString(), restoredAt } = evidence.bytes === size ? evidence : {};
  return { file, bytes: size, takenAt, ...(restoredAt !== undefined && { restoredAt }) };
}
