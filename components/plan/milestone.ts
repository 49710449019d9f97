import { z } from "zod";

/** A step of the way to everybody. */
export const milestone = z.strictObject({
  title: z.string(),
  /** Percentage of traffic or users. */
  percentage: z.number().int().min(0).max(100),
  /** How long it is watched before the next one. */
  holdHours: z.number().min(0),
  /** What must hold to go on. */
  conditions: z.array(z.string()).default([]),
});
