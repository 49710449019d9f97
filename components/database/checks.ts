import type { Plan, Query } from "../plan/plan.ts";
import { ageOf } from "./move.ts";

/** Questions to a database that a count answers which is known beforehand, and what puts its data right. */
export type Checks = Pick<Plan, "queries" | "repairs">;

/** Whether a revision has the tables that a query asks. */
export const hasTables = ({ database }: Pick<Plan, "database">, { since }: Query, revision: string): boolean =>
  since === undefined || (database !== undefined && ageOf(database, since) <= ageOf(database, revision));

/** The plan's integrity queries that a revision has the tables for, and whose answer is known beforehand; a person reads the others. */
export function checksFor(plan: Plan, revision: string): Checks {
  return only(plan, (query) => hasTables(plan, query, revision));
}

/** Those of a plan, whichever revision they are of: what a backup is asked, of which the revision is not always known. */
export const checksOf = (plan: Plan): Checks => only(plan, () => true);

function only({ queries, repairs }: Plan, fits: (query: Query) => boolean): Checks {
  const asked = Object.entries(queries).filter(([, query]) => query.kind === "integrity" && query.expect !== undefined && fits(query));
  const names = asked.map(([name]) => name);
  return {
    queries: Object.fromEntries(asked),
    repairs: Object.fromEntries(Object.entries(repairs).filter(([, { provenBy }]) => names.includes(provenBy))),
  };
}
