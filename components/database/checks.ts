import type { Plan, Query } from "../plan/plan.ts";
import { ageOf } from "./move.ts";

/** Whether a revision has the tables that a query asks. */
export const hasTables = ({ database }: Pick<Plan, "database">, { since }: Query, revision: string): boolean =>
  since === undefined || (database !== undefined && ageOf(database, since) <= ageOf(database, revision));

/** The plan's integrity queries that a revision has the tables for, and whose answer is known beforehand; a person reads the others. */
export function checksFor(plan: Plan, revision: string): Record<string, Query> {
  return Object.fromEntries(
    Object.entries(plan.queries).filter(
      ([, query]) => query.kind === "integrity" && query.expect !== undefined && hasTables(plan, query, revision),
    ),
  );
}
