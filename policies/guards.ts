import type { ResourceValidationPolicy } from "@pulumi/policy";
import { guards } from "../components/guards/list.ts";
import type { Problem } from "../components/levers/errors.ts";

/** What the program says of its own change (`components/guards/`), as policies: a component is registered before everything in it. */
export const guardPolicies: ResourceValidationPolicy[] = guards.map(({ name, description, why, severity }) => ({
  name,
  description: `${description} ${why}.`,
  severity,
  enforcementLevel: "mandatory" as const,
  remediationSteps: "Each message ends with the command that mends it.",
  validateResource({ type, props }, report) {
    if (type !== "rollback-stacks:components:RollbackPlan") return;
    const problems: Problem[] = props.refused?.[name] ?? [];
    for (const { path, message, command } of problems) report(`${path}: ${message}\n    mend it with: ${command}`);
  },
}));
