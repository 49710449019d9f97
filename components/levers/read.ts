import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type Plan, PlanError } from "../plan/plan.ts";
import { checkLevers } from "./check.ts";
import { LeverError } from "./errors.ts";
import type { Levers } from "./levers.ts";
import { misplacedSecrets, readStackFile, type Secrecy } from "./secrecy.ts";

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

// Internal in the SDK's types, though it is the only way to know.
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

function stackSecrecy(): Secrecy {
  return {
    isSecret: (lever) => isConfigSecret(`${pulumi.getProject()}:${lever}`),
    stackFile: readStackFile(join(pulumi.getRootDirectory(), "stacks", `Pulumi.${pulumi.getStack()}.yaml`)),
  };
}

/**
 * The plan that the stack's `system` names, and the stack's levers, checked against it.
 *
 * @throws {pulumi.RunError} that a person can act on.
 */
export async function readPlanAndLevers(plans: Record<string, () => Promise<Plan>>): Promise<{ plan: Plan; levers: Levers }> {
  const raw = rawLevers(pulumi.runtime.allConfig(), pulumi.getProject());
  const misplaced = misplacedSecrets(raw, stackSecrecy());
  const load = plans[String(raw.system)];
  if (!load) {
    const known = Object.keys(plans).join(", ");
    const secret = misplaced.some(({ path }) => path === "system");
    const given = raw.system === undefined ? "missing" : `${secret ? "a secret, which" : `"${raw.system}"`} has no plan under stacks/`;
    throw new pulumi.RunError(
      `system: ${given}; expected one of ${known}. Nothing was changed.\n    mend it with: pulumi config set system <system>`,
    );
  }
  try {
    const plan = await load();
    return { plan, levers: checkLevers(plan, raw, pulumi.getStack(), misplaced) };
  } catch (error) {
    throw error instanceof LeverError || error instanceof PlanError ? new pulumi.RunError(error.message) : error;
  }
}
