import { definePlan } from "../../../components/plan/plan.ts";

/** A plan with every kind of lever that a stack file can get wrong. */
export default definePlan({
  system: "shop",
  title: "A shop's assistant",
  service: {
    name: "shop",
    container: "app",
    port: 8080,
    healthPath: "/health",
    replicas: 2,
    resources: { requests: {}, limits: {} },
    tracks: { stable: { deployment: "shop", version: "stable" }, canary: { deployment: "shop-canary", version: "canary" } },
  },
  providers: {
    fallback: "openai",
    candidate: "gemini",
    known: {
      openai: { env: { AI_PROVIDER: "openai" }, credentials: { apiKey: "OPENAI_API_KEY" } },
      gemini: { env: { AI_PROVIDER: "gemini" }, credentials: { apiKey: "GEMINI_API_KEY" } },
    },
  },
  flags: {
    known: { retry: { description: "Retries an answer that failed", rows: [] }, voice: { description: "Voice messages", rows: [] } },
    audience: { users: ["ada", "grace"], tenants: ["acme"], models: ["gpt-4o"] },
    file: "/etc/flagd/flags.json",
  },
  settings: {
    maxAttempts: { type: "integer", env: "MAX_ATTEMPTS", minimum: 1, maximum: 10, default: 3, description: "Attempts for an answer" },
    fallback: { type: "boolean", env: "FALLBACK", description: "Whether a second model is asked" },
    greeting: { type: "string", env: "GREETING", description: "The first message" },
  },
  objectives: {
    rtoSeconds: 60,
    rpoSeconds: 0,
    success: ["Answers come"],
    drill: { everyDays: 31, level: "provider", success: ["Answers come"] },
  },
  before: { aiProvider: "gemini" },
  levels: {
    provider: {
      title: "Provider",
      when: ["Gemini fails"],
      rows: [],
      rtoSeconds: 60,
      steps: [{ levers: [{ path: "aiProvider", value: "openai" }] }],
      safe: { provider: "openai" },
      verification: [{ type: "http", title: "health", path: "/health", status: 200 }],
    },
  },
});
