import { readdirSync } from "node:fs";
import { type Plan, PlanError } from "../components/plan/plan.ts";

/** The files here that are no plans. */
const others = ["drills.ts", "index.ts", "plans.ts"];

/** Every system's plan by name: `stacks/<system>.ts`. Loaded only when it is asked for, since each `pulumi up` needs just one. */
export const plans: Record<string, () => Promise<Plan>> = Object.fromEntries(
  readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".ts") && !others.includes(file))
    .sort()
    .map((file) => file.slice(0, -".ts".length))
    .map((system) => [system, () => load(system)]),
);

/** @throws {PlanError} for a file that is not the plan of the system it is named after. */
async function load(system: string): Promise<Plan> {
  const { default: plan } = (await import(`./${system}.ts`)) as { default?: Plan };
  if (plan?.system === system) return plan;
  throw new PlanError(`stacks/${system}.ts: expected \`export default definePlan({ system: "${system}", … })\`, as its name says`);
}
