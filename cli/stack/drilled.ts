import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Drills, DrillsError, parseDrills } from "../../components/guards/drills.ts";
import type { OpenStack } from "./open.ts";

/** What is known of the plan's drills: `stacks/drills/<system>.json`. A damaged file must not keep a rollback from happening. */
export function drillsOf({ project, plan }: Pick<OpenStack, "project" | "plan">): Drills | DrillsError {
  const file = join(project.folder, "stacks", "drills", `${plan.system}.json`);
  try {
    return existsSync(file) ? parseDrills(readFileSync(file, "utf8"), plan.system) : {};
  } catch (error) {
    if (error instanceof DrillsError) return error;
    throw error;
  }
}

/** The last good rehearsal of each level; none where the file is damaged. */
export function drilled(stack: Pick<OpenStack, "project" | "plan">): Drills {
  const drills = drillsOf(stack);
  return drills instanceof DrillsError ? {} : drills;
}
