import type { Plan, Query } from "../plan/plan.ts";
import { ageOf } from "./move.ts";

/** Questions to a database that a count answers which is known beforehand, and what puts its data right. */
export type Checks = Pick<Plan, "queries" | "repairs">;

/** Whether a revision has the tables that a query asks. */
export const hasTables = ({ database }: Pick<Plan, "database">, { since }: Query, revision: string): boolean =>
  since === undefined || (database !== undefined && ageOf(database, since) <= ageOf(database, revision));

/** The plan's integrity queries that a revision has the tables for, and whose answer is known beforehand; a person reads the others. */
export function checksFor(plan: Plan, revision: string): Checks {
  const { queries, repairs } = plan;
  const asked = Object.entries(queries).filter(
    ([, query]) => query.kind === "integrity" && query.expect !== undefined && hasTables(plan, query, revision),
  );
  const names = asked.map(([name]) => name);
  return {
    queries: Object.fromEntries(asked),
    repairs: Object.fromEntries(Object.entries(repairs).filter(([, { provenBy }]) => names.includes(provenBy))),
  };
}
