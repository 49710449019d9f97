import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { z } from "zod";
import { query } from "../../components/plan/query.ts";
import { repair } from "../../components/plan/repair.ts";
import { DatabaseError } from "./errors.ts";

const checks = z.strictObject({
  queries: z.record(z.string(), query),
  repairs: z.record(z.string(), repair).default({}),
});

/** Questions to a database and what puts its data right, as they stand in a plan. */
export type Checks = z.output<typeof checks>;
export type Queries = Checks["queries"];

/** @throws DatabaseError with everything that is wrong with the file. */
export function readChecks(path: string): Checks {
  const name = basename(path);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new DatabaseError(`${name}: ${(error as Error).message}`);
  }
  const { success, data, error } = checks.safeParse(content);
  if (success) return data;
  throw new DatabaseError(error.issues.map((issue) => `${name}: ${issue.path.join(".")}: ${issue.message}`).join("\n"));
}

/** Only those that one count answers, which is known beforehand. */
export const withExpectation = (queries: Queries): Queries =>
  Object.fromEntries(Object.entries(queries).filter(([, { expect }]) => expect !== undefined));
