import { z } from "zod";

const title = z.string();
/** Pods, as `kubectl get pods -l` takes them. */
const selector = z.string();

/** What is sent to the service. */
const request = {
  /** Default: POST with a body, GET without one. */
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  path: z.string().startsWith("/"),
  headers: z.record(z.string(), z.string()).optional(),
  /** Sent as JSON. */
  body: z.record(z.string(), z.unknown()).optional(),
};

const load = {
  ...request,
  requests: z.number().int().positive(),
  /** How many of them are under way at a time; default 10. */
  atOnce: z.number().int().positive().optional(),
};

/** What must be true of an answer beside its status. */
const answer = z.strictObject({
  /** A text in its body. */
  contains: z.string().optional(),
  /** Fields of its JSON body, by path (`retry.enabled`), and what each must equal. */
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  /** Headers, in any case, and what each must equal. */
  headers: z.record(z.string(), z.string()).optional(),
});

/** Only lines of the last so many seconds count; default: every line of the pods that are there. */
const sinceSeconds = z.number().int().positive().optional();

/** What is looked at to say that an update, or a level, did what it is for. Pods that are ending do not count, except for `pods`. */
export const probe = z.discriminatedUnion("type", [
  /** One request, and how it must be answered. */
  z.strictObject({ type: z.literal("http"), title, ...request, status: z.number().int(), answer: answer.optional() }),
  /** `of` requests that must every one be answered by this provider. */
  z.strictObject({ type: z.literal("provider"), title, ...request, provider: z.string(), of: z.number().int().positive() }),
  /** `of` requests of which each of these tracks must answer some, and no other any. */
  z.strictObject({
    type: z.literal("tracks"),
    title,
    ...request,
    tracks: z.array(z.enum(["stable", "canary", "fallback"])).min(1),
    of: z.number().int().positive(),
  }),
  /** The share (0 to 1) of requests without an answer, or with one outside 2xx. */
  z.strictObject({ type: z.literal("errorRate"), title, ...load, below: z.number().positive().max(1) }),
  /** A quantile of the seconds until the answer; a request without one counts as slower than any other. */
  z.strictObject({
    type: z.literal("latency"),
    title,
    ...load,
    quantile: z.number().positive().max(1),
    belowSeconds: z.number().positive(),
  }),
  /** A text that the log of every one of the pods must contain. */
  z.strictObject({ type: z.literal("log"), title, selector, contains: z.string(), sinceSeconds }),
  /** A text that none of those logs may contain. */
  z.strictObject({ type: z.literal("noLog"), title, selector, lacks: z.string(), sinceSeconds }),
  /** Pods that must all run the image that a lever names. */
  z.strictObject({ type: z.literal("image"), title, selector, lever: z.string() }),
  /** Number of pods, ready ones where there are any. */
  z.strictObject({ type: z.literal("pods"), title, selector, count: z.number().int().min(0) }),
]);
