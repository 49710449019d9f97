/** The systems that can be drilled: those with a plan and a committed stack file. */

import { existsSync } from "node:fs";
import type { Plan } from "../components/plan/plan.ts";
import { stackFilePath } from "../pulumi/stackFile.ts";
import { plans } from "../stacks/plans.ts";
import { UsageError } from "./options.ts";

/** In alphabetical order. */
export const systems = (): string[] => Object.keys(plans).filter((system) => existsSync(stackFilePath(system)));

/** Throws `UsageError` where there is no such system. */
export async function loadPlan(system: string): Promise<Plan> {
  const known = systems();
  const load = known.includes(system) ? plans[system] : undefined;
  if (load) return load();
  throw new UsageError(
    `there is no system "${system}"; there are ${known.join(", ")}. A system has a plan stacks/<system>.ts and a stack file stacks/Pulumi.<system>.yaml`,
  );
}
