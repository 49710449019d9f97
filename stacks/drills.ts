/**
 * `stacks/drills/<system>.json`: when each of a system's levels last passed its drill, and how long safety took. It is committed:
 * `npm run drill -- <system> --record` writes it, the guard `level-drilled` and the runbooks read it.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Drills, DrillsError, parseDrills } from "../components/guards/drills.ts";

const fileOf = (system: string, folder = import.meta.dirname): string => join(folder, "drills", `${system}.json`);

/**
 * None where there is no file yet. Throws `DrillsError`.
 * @param folder of the project's stacks; default: this one
 */
export function readDrills(system: string, folder?: string): Drills {
  const file = fileOf(system, folder);
  return existsSync(file) ? parseDrills(readFileSync(file, "utf8"), system) : {};
}

/** What is known of a system's drills, for an update: a damaged file must not keep a rollback from happening. */
export function drillsOf(system: string, folder?: string): Drills | DrillsError {
  try {
    return readDrills(system, folder);
  } catch (error) {
    if (error instanceof DrillsError) return error;
    throw error;
  }
}

/** Levels in alphabetical order, so that a drill changes only its own lines. */
export function writeDrills(system: string, drills: Drills): void {
  const sorted = Object.fromEntries(Object.entries(drills).sort(([a], [b]) => (a < b ? -1 : 1)));
  const file = fileOf(system);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
}
