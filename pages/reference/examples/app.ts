import { definePlan } from "rollback-stacks";

export const image = `registry.example/shop@sha256:${"a".repeat(64)}`;
export const operationsImage = `registry.example/operations@sha256:${"b".repeat(64)}`;

export const shop = definePlan({
  system: "shop",
  title: "Shop assistant",
  service: {
    name: "shop",
    container: "app",
    port: 8080,
    healthPath: "/health",
    replicas: 2,
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
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
  flags: { known: { suggestions: { description: "Suggests what goes with it", env: { enabled: "ENABLE_SUGGESTIONS" } } } },
  settings: { maxItems: { type: "integer", env: "MAX_ITEMS", minimum: 1, maximum: 20, default: 5, description: "Items it suggests" } },
  maintenance: { retryAfterSeconds: 120, title: "Back soon", text: "The shop is being looked after." },
  workers: { mailer: { deployment: "shop-mailer", command: ["node", "mailer.mjs"], replicas: 1, drainSeconds: 60 } },
  tasks: { flushCache: { title: "Empty the cache", command: ["node", "flush.mjs"], on: ["flags", "settings", "image"] } },
  features: { gifts: { title: "Gift finder", functions: { "gift-finder": { command: ["node", "gifts.mjs"], replicas: 1 } } } },
  database: {
    engine: "postgresql",
    env: { url: "DATABASE_URL", passwordFile: "DATABASE_PASSWORD_FILE" },
    revisions: [
      { name: "0001", title: "Orders" },
      { name: "0002", title: "Gifts" },
    ],
    commands: { current: ["node", "migrate.mjs", "current"], to: ["node", "migrate.mjs", "to", "{revision}"] },
  },
  objectives: {
    rtoSeconds: 60,
    rpoSeconds: 0,
    success: ["Error rate below 1 %"],
    drill: { everyDays: 31, level: "provider", success: ["In under a minute"] },
  },
  before: { aiProvider: "gemini" },
  levels: {
    provider: {
      title: "Back to OpenAI",
      when: ["Gemini fails"],
      rows: [],
      rtoSeconds: 60,
      steps: [{ levers: [{ path: "aiProvider", value: "openai" }] }],
      safe: { provider: "openai" },
      verification: [{ type: "http", title: "health answers 200", path: "/health", status: 200 }],
    },
  },
  triggers: {
    errors: {
      title: "Error rate",
      signal: { type: "errorRate", above: 0.05 },
      forSeconds: 300,
      severity: "critical",
      calls: "provider",
    },
  },
});

/** What the app's pods are told and given, whatever they do. */
export const app = {
  service: shop.service,
  image,
  env: { AI_PROVIDER: "openai" },
  release: "0123456789",
  settingsName: "shop-settings",
  credentials: { secretName: "shop-openai", variables: ["OPENAI_API_KEY"] },
};
