import type { FlagLevers } from "../levers/flags.ts";
import { audiences } from "../plan/flag.ts";
import type { Plan } from "../plan/plan.ts";
import { targetings } from "./targeting.ts";

/**
 * The environment variables from which a plan's app reads its flags. Every variable of the plan is there, also when it restricts
 * nothing, so that nothing an image brings along decides in its place.
 */
export function flagEnvironment(plan: Pick<Plan, "flags">, levers: FlagLevers): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, { enabled, percentage, only, except }] of Object.entries(targetings(plan, levers))) {
    const variables = plan.flags.known[name]?.env;
    if (!variables) continue;
    const nobody = Object.values(only).some((list) => list.length === 0);
    environment[variables.enabled] = String(enabled && !nobody);
    if (variables.percentage) environment[variables.percentage] = String(percentage);
    for (const audience of audiences) {
      const [allowed, denied] = [variables.only[audience], variables.except[audience]];
      if (allowed) environment[allowed] = (only[audience] ?? []).join(",");
      if (denied) environment[denied] = (except[audience] ?? []).join(",");
    }
  }
  return environment;
}
