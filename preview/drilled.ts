import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Drilled } from "../components/guards/change.ts";
import { projectRoot } from "../tools/paths.ts";

/** The last good rehearsal of each level of a system, as its drills recorded it; none where there is no record. */
export function drilledLevels(system: string): Record<string, Drilled> {
  try {
    return JSON.parse(readFileSync(join(projectRoot, "stacks", "drills", `${system}.json`), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
