import { z } from "zod";

/** What is left to do once the system is safe. */
export const aftercare = z.strictObject({
  within: z.enum(["1 hour", "24 hours", "1 week"]),
  title: z.string(),
  steps: z.array(z.string()).min(1),
});

/** A problem that people run into during a rollback, and what helps. */
export const troubleshooting = z.strictObject({
  problem: z.string(),
  answer: z.string(),
  /** As typed. */
  commands: z.array(z.string()).default([]),
});

/** What is ticked off before, during and after a rollback, and before a deployment. */
export const checklists = z.strictObject({
  deployment: z.array(z.string()).default([]),
  before: z.array(z.string()).default([]),
  during: z.array(z.string()).default([]),
  after: z.array(z.string()).default([]),
});
