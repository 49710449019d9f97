import { z } from "zod";

/** What is looked at, and how often, in a time after everybody has it. */
export const watchPeriod = z.strictObject({
  /** As the team says it: "Day 1 to 7". */
  period: z.string(),
  steps: z.array(z.string()).min(1),
});

/** What the system itself does so that a failure stays small. */
export const safeguard = z.strictObject({ title: z.string(), text: z.string() });
