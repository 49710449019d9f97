import { join } from "node:path";
import { type Drills, DrillsError } from "../../components/guards/drills.ts";
import { drillsOf as readDrillsOf } from "../../stacks/drills.ts";
import type { OpenStack } from "./open.ts";

/** What is known of the plan's drills. A damaged file must not keep a rollback from happening. */
export const drillsOf = ({ project, plan }: Pick<OpenStack, "project" | "plan">): Drills | DrillsError =>
  readDrillsOf(plan.system, join(project.folder, "stacks"));

/** The last good rehearsal of each level; none where the file is damaged. */
export function drilled(stack: Pick<OpenStack, "project" | "plan">): Drills {
  const drills = drillsOf(stack);
  return drills instanceof DrillsError ? {} : drills;
}
