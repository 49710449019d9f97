import { z } from "zod";

const pinned = z.string().optional();

/** The state that the team's document starts from: what is rolled back, and what a drill brings about first. */
export const before = z.strictObject({
  aiProvider: z.string(),
  /** `aiProvider` where stable is pinned to the fallback provider. */
  stable: z.strictObject({ aiProvider: pinned }).prefault({}),
  /** Left out where no canary runs. `weight` is its percentage of traffic. */
  canary: z.strictObject({ weight: z.number().int().min(0).max(100), aiProvider: pinned }).optional(),
  /** As in a stack file; what is not named has the plan's default. */
  flags: z.record(z.string(), z.unknown()).default({}),
  features: z.record(z.string(), z.boolean()).default({}),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});
