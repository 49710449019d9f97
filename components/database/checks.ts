import type { Plan, Query } from "../plan/plan.ts";
import { ageOf } from "./move.ts";

/** The plan's integrity queries that a revision has the tables for, and whose answer is known beforehand; a person reads the others. */
export function checksFor({ database, queries }: Plan, revision: string): Record<string, Query> {
  return Object.fromEntries(
    Object.entries(queries).filter(([, { kind, expect, since }]) => {
      const isThere = since === undefined || (database !== undefined && ageOf(database, since) <= ageOf(database, revision));
      return kind === "integrity" && expect !== undefined && isThere;
    }),
  );
}
