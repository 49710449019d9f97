/** The systems that can be drilled: those with a plan and a committed stack file. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../components/plan/plan.ts";
import { projectRoot } from "../tools/paths.ts";
import { UsageError } from "./options.ts";

const stacks = join(projectRoot, "stacks");
const hasStackFile = (system: string): boolean => existsSync(join(stacks, `Pulumi.${system}.yaml`));

/** In alphabetical order. */
export function systems(): string[] {
  return readdirSync(stacks)
    .filter((file) => /^[a-z][a-z0-9-]*\.ts$/.test(file))
    .map((file) => file.slice(0, -".ts".length))
    .filter(hasStackFile)
    .sort();
}

/** Throws `UsageError` where there is no such system. */
export async function loadPlan(system: string): Promise<Plan> {
  const known = systems();
  if (!known.includes(system)) {
    throw new UsageError(
      `there is no system "${system}"; there are ${known.join(", ")}. A system has a plan stacks/<system>.ts and a stack file stacks/Pulumi.<system>.yaml`,
    );
  }
  return ((await import(join(stacks, `${system}.ts`))) as { default: Plan }).default;
}
