import { z } from "zod";
import { minutes, seconds } from "./common.ts";

/** What a rollback of this system promises, whichever level is taken. */
export const objectives = z.strictObject({
  /** Recovery time: no level may take longer. */
  rtoSeconds: seconds,
  /** Recovery point: how much data may be lost, in seconds of it. */
  rpoSeconds: z.number().int().min(0),
  /** What holds when a rollback is called a success. */
  success: z.array(z.string()).min(1),
  /** Minutes for which that is watched before it is called one. */
  watchMinutes: minutes.optional(),
  /** How often a level is rehearsed, in days, which one, and what makes the rehearsal a success. */
  drill: z.strictObject({
    everyDays: z.number().int().positive(),
    level: z.string(),
    success: z.array(z.string()).min(1),
  }),
});
