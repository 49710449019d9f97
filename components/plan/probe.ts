import { z } from "zod";

/** What is looked at to say that a level did what it is for. */
export const probe = z.discriminatedUnion("type", [
  /** One GET that must answer this status. */
  z.strictObject({ type: z.literal("http"), title: z.string(), path: z.string(), status: z.number().int() }),
  /** `of` POSTs that must every one be answered by this provider. */
  z.strictObject({
    type: z.literal("provider"),
    title: z.string(),
    path: z.string(),
    body: z.record(z.string(), z.unknown()),
    provider: z.string(),
    of: z.number().int().positive(),
  }),
  /** A line that the logs of the pods matched by `selector` must contain. */
  z.strictObject({ type: z.literal("log"), title: z.string(), selector: z.string(), contains: z.string() }),
  /** A text that those logs must not contain. */
  z.strictObject({ type: z.literal("noLog"), title: z.string(), selector: z.string(), lacks: z.string() }),
  /** Pods that must all run the image that a lever names. */
  z.strictObject({ type: z.literal("image"), title: z.string(), selector: z.string(), lever: z.string() }),
  /** Number of pods, ready ones where there are any, matched by `selector`. */
  z.strictObject({ type: z.literal("pods"), title: z.string(), selector: z.string(), count: z.number().int().min(0) }),
]);
