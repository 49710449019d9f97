import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { evidenceBeside } from "./evidence.ts";
import type { Server } from "./server.ts";

/** How many backups of a database stay. */
export interface Retention {
  /** The newest so many. */
  keep: number;
  /** Those that stay however old they are, by their names. */
  spare: readonly string[];
}

/**
 * Deletes the oldest backups of a database, of those that were proved and are not spared. What has no evidence, or that of another database,
 * stays.
 * @returns the names of those that are gone.
 */
export function deleteOldest(server: Server, folder: string, { keep, spare }: Retention): string[] {
  const own = readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => ({ file: name.slice(0, -suffix.length), evidence: evidenceBeside(join(folder, name.slice(0, -suffix.length))) }))
    .filter(({ evidence }) => evidence.database === server.identity)
    .sort((a, b) => String(b.evidence.takenAt).localeCompare(String(a.evidence.takenAt)));
  const old = own.slice(keep).flatMap(({ file }) => (spare.includes(file) ? [] : [file]));
  for (const file of old) {
    rmSync(join(folder, file), { force: true });
    rmSync(join(folder, `${file}${suffix}`));
  }
  return old;
}

const suffix = ".json";
