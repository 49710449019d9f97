import type { Plan } from "../plan/plan.ts";
import { bucketProblems } from "./backups.ts";
import { missingCredentials } from "./credentials.ts";
import { explain, LeverError, type Problem } from "./errors.ts";
import { gatewayProblems } from "./gatewayOnly.ts";
import { type Levers, leversSchema } from "./levers.ts";
import { maintenanceProblems } from "./maintenance.ts";

/** Everything that is wrong with a stack's levers, and the command that mends each. */
export function leverProblems(plan: Plan, raw: Record<string, unknown>, misplaced: readonly Problem[] = []): Problem[] {
  const schema = leversSchema(plan);
  const found = [
    ...explain(schema.safeParse(raw).error?.issues ?? [], schema, plan),
    ...missingCredentials(raw, plan),
    ...gatewayProblems(raw, plan),
    ...maintenanceProblems(raw, plan),
    ...bucketProblems(raw),
  ];
  return [...found.filter(({ path }) => !quotesSecret(path, misplaced)), ...misplaced];
}

/**
 * Checks a stack's levers against its plan.
 *
 * @throws {LeverError} with every problem at once, before any resource is registered.
 */
export function checkLevers(plan: Plan, raw: Record<string, unknown>, stack: string, misplaced: readonly Problem[] = []): Levers {
  const problems = leverProblems(plan, raw, misplaced);
  if (problems.length > 0) throw new LeverError(stack, problems);
  return leversSchema(plan).parse(raw);
}

/** Whether what is said of this lever may quote a secret; of credentials nothing is ever quoted. */
function quotesSecret(path: string, misplaced: readonly Problem[]): boolean {
  const lever = leverOf(path);
  return lever !== "credentials" && misplaced.some((problem) => leverOf(problem.path) === lever);
}

const leverOf = (path: string): string | undefined => path.split(/[.[]/)[0];
