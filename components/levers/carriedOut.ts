import type { Plan, PlanLever, Step } from "../plan/plan.ts";
import { type Levers, leversSchema } from "./levers.ts";
import { leverAt } from "./path.ts";
import { configAt } from "./pulled.ts";

/** Whether a stack's levers are as a level leaves them: so after the last of its steps, and not while there are more to come. */
export function carriedOut(plan: Plan, { steps }: { steps: readonly Pick<Step, "levers">[] }, levers: Levers): boolean {
  const schema = leversSchema(plan);
  const left = new Map(steps.flatMap((step) => step.levers.map((lever) => [lever.path, lever] as const)));
  const isLeft = (lever: PlanLever): boolean => {
    const now = configAt(levers, lever.path);
    if ("sameAs" in lever) return same(now, configAt(levers, lever.sameAs));
    if ("value" in lever && lever.chosen !== undefined) return now !== undefined;
    const found = leverAt(schema, lever.path);
    return typeof found !== "string" && same(now, found.safeParse("value" in lever ? lever.value : undefined).data);
  };
  return [...left.values()].every(isLeft);
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
