import type { Query } from "../components/plan/plan.ts";
import { code, section } from "./markdown.ts";

/** A question to the database, and what its answer must be. */
export function queryPage({ title, sql, expect }: Query): string | undefined {
  return section(3, title, code(sql.split("\n"), "sql"), expect === undefined ? undefined : `Must be ${expect}.`);
}
