import { z } from "zod";
import { minutes, seconds } from "./common.ts";

const ratio = z.number().positive();

/** What is measured, and where it becomes too much. Ratios are 0 to 1 unless they compare with a baseline or a budget. */
const signal = z.discriminatedUnion("type", [
  /** Share of requests that failed: that were answered with a server error, unless the plan's metrics say otherwise. */
  z.strictObject({ type: z.literal("errorRate"), above: ratio.max(1) }),
  /** Share of requests that did not fail. */
  z.strictObject({ type: z.literal("successRate"), below: ratio.max(1) }),
  /** A quantile of the response time, absolute or as a multiple of what stable takes. */
  z.strictObject({ type: z.literal("latency"), quantile: ratio.max(1), aboveSeconds: z.number().positive() }),
  z.strictObject({ type: z.literal("latencyOverBaseline"), quantile: ratio.max(1), times: z.number().positive() }),
  /** Calls that the provider refused for this reason. */
  z.strictObject({ type: z.literal("providerErrors"), kind: z.enum(["quota", "auth", "safety", "timeout"]), above: z.number().min(0) }),
  /** Share of provider calls that ended for this reason. */
  z.strictObject({ type: z.literal("providerErrorRate"), kind: z.enum(["quota", "auth", "safety", "timeout"]), above: ratio.max(1) }),
  /** Share of requests for which the provider was asked again. */
  z.strictObject({ type: z.literal("retryRate"), above: ratio.max(1) }),
  /** No request was answered at all. */
  z.strictObject({ type: z.literal("outage") }),
  /** What people report, which no metric tells. */
  z.strictObject({
    type: z.literal("reported"),
    what: z.string(),
    above: z.number().int().min(0).optional(),
    withinMinutes: minutes.optional(),
  }),
  /** US dollars that the calls to the provider cost for each request, on average. */
  z.strictObject({ type: z.literal("costPerRequest"), aboveUsd: z.number().positive() }),
  /** What the providers charge, above the budget by this share. */
  z.strictObject({ type: z.literal("cost"), aboveBudget: ratio }),
]);

/** A condition that calls for a level. */
export const trigger = z.strictObject({
  title: z.string(),
  /** How it shows beside what is measured. */
  symptoms: z.array(z.string()).default([]),
  signal,
  /** How long it must hold; default: at once. */
  forSeconds: seconds.optional(),
  /** Critical pages whoever is on call, warning tells the team. */
  severity: z.enum(["critical", "warning"]),
  /** The level to carry out at once; undefined where a person decides. */
  calls: z.string().optional(),
  /** What to do beside that, or in its place. */
  action: z.string().optional(),
});
