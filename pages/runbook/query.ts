import type { Plan, Query, Repair } from "../../components/plan/plan.ts";
import { code, section } from "./markdown.ts";

/** A question to the database, and what its answer must be. */
export function queryPage({ title, sql, expect, kept }: Query): string | undefined {
  const unchanged = kept ? "Asked before and after: each row of the first answer must be in the second, as it was." : undefined;
  return section(3, title, code(sql.split("\n"), "sql"), expect === undefined ? undefined : `Must be ${expect}.`, unchanged);
}

/** What puts data right, and the query that proves it. */
export function repairPage(repair: Repair, { queries }: Plan): string | undefined {
  const how = "sql" in repair ? code(repair.sql.split("\n"), "sql") : code([repair.dryRun, repair.command]);
  return section(3, repair.title, how, `Proven by "${queries[repair.provenBy]?.title}".`);
}
