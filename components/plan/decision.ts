import { z } from "zod";
import { minutes, role, severity } from "./common.ts";

/** One row of the decision matrix: what to do, how soon and with whose agreement. */
export const decision = z.strictObject({
  severity,
  /** What is seen, as the team wrote it. */
  when: z.string(),
  /** Minutes until it must be decided; 0 is at once, undefined only watches. */
  withinMinutes: minutes.optional(),
  /** Levels to choose from, the mildest first; none where a fix is rolled forward. */
  levels: z.array(z.string()).default([]),
  action: z.string(),
  /** Roles that must have agreed. */
  approvedBy: z.array(role).default([]),
});
