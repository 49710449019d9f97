import { z } from "zod";
import { lever } from "./level.ts";

/** A step of the way to everybody. */
export const milestone = z.strictObject({
  title: z.string(),
  /** Percentage of traffic or users. */
  percentage: z.number().int().min(0).max(100),
  /** Who that is, where a percentage does not tell: "internal staff". */
  who: z.string().optional(),
  /** What is pulled to get there; a `pulumi up` follows. */
  levers: z.array(lever).default([]),
  /** How long it is watched before the next one. */
  holdHours: z.number().min(0),
  /** What is looked at meanwhile. */
  watched: z.array(z.string()).default([]),
  /** What must hold to go on. */
  conditions: z.array(z.string()).default([]),
  /** The level that leaves it again. */
  backBy: z.string().optional(),
});
