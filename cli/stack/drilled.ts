import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Drilled } from "../../components/guards/change.ts";
import type { OpenStack } from "./open.ts";

/** The last good rehearsal of each level, as `npm run drill` leaves it in `stacks/drills/<system>.json`; none where there is no such file. */
export function drilled({ project, plan }: Pick<OpenStack, "project" | "plan">): Record<string, Drilled> {
  const file = join(project.folder, "stacks", "drills", `${plan.system}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}
