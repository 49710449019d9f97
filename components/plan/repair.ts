import { z } from "zod";

const repaired = {
  title: z.string(),
  /** Rows of the team's document that this repair answers. */
  rows: z.array(z.string()).default([]),
  /** Key of the query that must answer as expected afterwards. */
  provenBy: z.string(),
};

/** What puts right the data that a query found wrong: a statement, or a script that can say beforehand what it would do. */
export const repair = z.union([
  z.strictObject({ ...repaired, sql: z.string() }),
  z.strictObject({ ...repaired, dryRun: z.string(), command: z.string() }),
]);
