import { z } from "zod";

const metric = (fallback: string) =>
  z
    .string()
    .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, "expected the name of a Prometheus metric")
    .default(fallback);

/**
 * Where the app tells how it is doing, for the alerts that triggers become. Every series carries `track` and `provider`, is there
 * (at 0) from the app's start, and is scraped every 30 seconds or more often.
 */
export const metrics = z.strictObject({
  /** Labels that tell this system's series from others'; default: `job` is the service's name, as a ServiceMonitor sets it. */
  labels: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "expected the name of a label"), z.string()).optional(),
  /** Counter of requests answered, by `route` and `status`. */
  requests: metric("http_requests_total"),
  /** What the `status` of those that failed matches, as a regular expression. */
  failedStatus: z.string().default("5.."),
  /** Counter of what calls to the AI provider cost, in US dollars. */
  cost: metric("ai_cost_usd_total"),
  /** Histogram of their seconds, by `route`; its buckets must reach beyond every threshold. */
  requestSeconds: metric("http_request_duration_seconds"),
  /** Histogram of the seconds of calls to the AI provider (OpenTelemetry's `gen_ai.client.operation.duration`). */
  providerCalls: metric("gen_ai_client_operation_duration_seconds"),
  /** Counter of those that failed, by `kind`. */
  providerErrors: metric("ai_provider_errors_total"),
  /** Counter of requests for which the provider was asked again. */
  retries: metric("ai_retried_requests_total"),
  /** Below this many requests in its window a share or a quantile says nothing. Default 20: one failure in them is 5 %. */
  minimumRequests: z.number().int().positive().default(20),
});
