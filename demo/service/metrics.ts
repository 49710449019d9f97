import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Config } from "./config.ts";
import { type ErrorKind, errorKinds } from "./providers/errors.ts";
import type { Usage } from "./providers/provider.ts";

/** How OpenTelemetry's generative AI conventions name each provider (`gen_ai.provider.name`). */
const systemNames = { openai: "openai", gemini: "gcp.gemini", vertex: "gcp.vertex_ai" } as const;

// OpenTelemetry's advised boundaries for gen_ai.client.operation.duration and gen_ai.client.token.usage.
const operationSeconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const tokenCounts = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
export const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

export type Metrics = ReturnType<typeof createMetrics>;

/** The service's Prometheus metrics; every series carries `track` and `provider`. */
export function createMetrics(config: Config) {
  const registry = new Registry();
  registry.setDefaultLabels({ track: config.track, provider: config.provider.name });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  new Gauge({ name: "app_info", help: "Always 1; the version running.", labelNames: ["version"], registers }).set(
    { version: config.version },
    1,
  );
  const requests = new Counter({
    name: "http_requests_total",
    help: "Requests answered.",
    labelNames: ["route", "method", "status"],
    registers,
  });
  const requestDuration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's headers to the end of its answer.",
    labelNames: ["route", "method", "status"],
    buckets: requestSeconds,
    registers,
  });
  const operationDuration = new Histogram({
    name: "gen_ai_client_operation_duration_seconds",
    help: "Time of one call to the AI provider.",
    labelNames: ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "error_type"],
    buckets: operationSeconds,
    registers,
  });
  const tokenUsage = new Histogram({
    name: "gen_ai_client_token_usage",
    help: "Tokens of one call to the AI provider.",
    labelNames: ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "gen_ai_token_type"],
    buckets: tokenCounts,
    registers,
  });
  const providerErrors = new Counter({
    name: "ai_provider_errors_total",
    help: "Failed calls to the AI provider, by kind.",
    labelNames: ["kind"],
    registers,
  });
  const conversations = new Counter({
    name: "ai_conversations_total",
    help: "Messages of customers that were handled, by how it ended: a webhook's status does not tell.",
    labelNames: ["status"],
    registers,
  });
  const cost = new Counter({ name: "ai_cost_usd_total", help: "What the calls to the AI provider cost, in US dollars.", registers });

  const retried = new Counter({
    name: "ai_retried_requests_total",
    help: "Requests for which the AI provider was asked again.",
    registers,
  });

  const operation = { gen_ai_operation_name: "chat", gen_ai_provider_name: systemNames[config.provider.name] };
  // A series that begins with its first event hides that event from `increase()`, and cannot be told from one that is not exported.
  for (const kind of errorKinds) providerErrors.inc({ kind }, 0);
  for (const status of ["answered", "failed"]) conversations.inc({ status }, 0);
  operationDuration.zero({ ...operation, gen_ai_request_model: config.provider.model });
  return {
    registry,
    request(route: string, method: string, status: number, seconds: number): void {
      const labels = { route, method, status };
      requests.inc(labels);
      requestDuration.observe(labels, seconds);
    },
    conversation(status: "answered" | "failed"): void {
      conversations.inc({ status });
    },
    retried(): void {
      retried.inc();
    },
    providerCall(model: string, seconds: number, outcome: { usage: Usage } | { kind: ErrorKind }): void {
      const labels = { ...operation, gen_ai_request_model: model };
      if ("kind" in outcome) {
        operationDuration.observe({ ...labels, error_type: outcome.kind }, seconds);
        providerErrors.inc({ kind: outcome.kind });
        return;
      }
      operationDuration.observe(labels, seconds);
      tokenUsage.observe({ ...labels, gen_ai_token_type: "input" }, outcome.usage.inputTokens);
      tokenUsage.observe({ ...labels, gen_ai_token_type: "output" }, outcome.usage.outputTokens);
      const { inputTokens, outputTokens } = outcome.usage;
      const { inputCentsPerMillion, outputCentsPerMillion } = config.provider.prices;
      cost.inc((inputTokens * inputCentsPerMillion + outputTokens * outputCentsPerMillion) / 100_000_000);
    },
  };
}
