import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../plan/plan.ts";
import { explain, LeverError, missingCredentials } from "./errors.ts";
import { gatewayProblems } from "./gatewayOnly.ts";
import { type Levers, leversSchema } from "./levers.ts";
import { maintenanceProblems } from "./maintenance.ts";

/** Config arrives as text, objects as JSON. */
function decode(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The stack's own config keys, without the project's name before them. */
export function rawLevers(config: Record<string, string>, project: string): Record<string, unknown> {
  const prefix = `${project}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), decode(value)]));
}

/**
 * Checks a stack's levers against its plan.
 *
 * @throws {LeverError} with every problem at once, before any resource is registered.
 */
export function checkLevers(plan: Plan, raw: Record<string, unknown>, stack: string): Levers {
  const schema = leversSchema(plan);
  const parsed = schema.safeParse(raw);
  const problems = [
    ...(parsed.success ? [] : explain(parsed.error.issues, schema, plan)),
    ...missingCredentials(raw, plan),
    ...gatewayProblems(raw, plan),
    ...maintenanceProblems(raw, plan),
  ];
  if (!parsed.success || problems.length > 0) throw new LeverError(stack, problems);
  return parsed.data;
}

/**
 * The plan that the stack's `system` names, and the stack's levers, checked against it.
 *
 * @throws {pulumi.RunError} that a person can act on.
 */
export async function readPlanAndLevers(plans: Record<string, () => Promise<Plan>>): Promise<{ plan: Plan; levers: Levers }> {
  const raw = rawLevers(pulumi.runtime.allConfig(), pulumi.getProject());
  const load = plans[String(raw.system)];
  if (!load) {
    const known = Object.keys(plans).join(", ");
    throw new pulumi.RunError(
      `system: ${raw.system === undefined ? "missing" : `"${raw.system}" has no plan under stacks/`}; expected one of ${known}. Nothing was changed.\n` +
        "    mend it with: pulumi config set system <system>",
    );
  }
  const plan = await load();
  try {
    return { plan, levers: checkLevers(plan, raw, pulumi.getStack()) };
  } catch (error) {
    throw error instanceof LeverError ? new pulumi.RunError(error.message) : error;
  }
}
