import { definePlan, type Probe } from "../components/plan/plan.ts";

const session = { path: "/api/therapy-session", body: { message: "test" } };
const healthy: Probe = { type: "http", title: "health answers 200", path: "/health", status: 200 };
const allFromOpenai: Probe = { type: "provider", title: "10 of 10 sessions answered by openai", ...session, provider: "openai", of: 10 };

/** MindMend: OpenAI → Gemini on Kubernetes, stable and canary. Rows M1–M12 of the team's rollback plan. */
export default definePlan({
  system: "mindmend",
  title: "MindMend, Gemini migration",
  service: {
    name: "mindmend",
    container: "mindmend-app",
    port: 8080,
    healthPath: "/health",
    replicas: 4,
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    tracks: {
      stable: { deployment: "mindmend-backend", version: "stable" },
      canary: { deployment: "mindmend-backend-canary", version: "gemini" },
      fallback: { deployment: "mindmend-backend-fallback", version: "fallback" },
    },
  },
  providers: {
    fallback: "openai",
    candidate: "gemini",
    known: {
      openai: { env: { AI_PROVIDER: "openai" }, credentials: { apiKey: "OPENAI_API_KEY" } },
      gemini: { env: { AI_PROVIDER: "gemini" }, credentials: { apiKey: "GEMINI_API_KEY" } },
    },
  },
  settings: {
    openaiBaseUrl: { type: "string", env: "OPENAI_BASE_URL", description: "Address of the OpenAI API or of a gateway before it" },
    geminiBaseUrl: { type: "string", env: "GOOGLE_GEMINI_BASE_URL", description: "Address of the Gemini API or of a gateway before it" },
    aiTimeoutMs: {
      type: "integer",
      env: "AI_TIMEOUT_MS",
      minimum: 100,
      maximum: 60_000,
      default: 10_000,
      description: "Milliseconds until a provider that says nothing is given up on",
    },
    warmUpSeconds: {
      type: "integer",
      env: "WARM_UP_SECONDS",
      minimum: 0,
      maximum: 300,
      default: 0,
      description: "Seconds a new pod warms up before it answers healthy",
    },
  },
  levels: {
    flag: {
      title: "Level 1: feature flag",
      rows: ["M2"],
      rtoSeconds: 30,
      levers: [{ path: "aiProvider", value: "openai" }],
      safe: { provider: "openai" },
      verification: [
        healthy,
        allFromOpenai,
        {
          type: "log",
          title: "canary logs its provider",
          selector: "app=mindmend,version=gemini",
          contains: "Initializing AI client with provider: openai",
        },
      ],
    },
    traffic: {
      title: "Level 2: traffic shift",
      rows: ["M3"],
      rtoSeconds: 120,
      levers: [{ path: "canary.weight", value: 0 }],
      safe: { provider: "openai", track: "stable" },
      verification: [
        healthy,
        allFromOpenai,
        { type: "pods", title: "no pod of version=gemini left", selector: "app=mindmend,version=gemini", count: 0 },
        { type: "pods", title: "4 pods of stable", selector: "app=mindmend,version=stable", count: 4 },
      ],
    },
  },
});
