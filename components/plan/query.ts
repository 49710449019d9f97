import { z } from "zod";

/** A question to the system's database: whether its data are whole, or how it is doing. */
export const query = z.strictObject({
  title: z.string(),
  kind: z.enum(["integrity", "health"]),
  /** Rows of the team's document that this query answers. */
  rows: z.array(z.string()).default([]),
  sql: z.string(),
  /** The count that it must answer; left out where a person reads the answer. */
  expect: z.number().int().min(0).optional(),
  /** The oldest of the plan's revisions that has the tables it asks; every one of them without it. */
  since: z.string().optional(),
  /** Whether each row of its answer must stay as it is, whatever is rolled back: it is asked before and after. */
  kept: z.boolean().default(false),
});
