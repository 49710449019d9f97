import { definePlan } from "../../../components/plan/plan.ts";

/** A small system with a level of each kind, for tests of pull requests. */
export default definePlan({
  system: "shop",
  title: "Shop",
  service: {
    name: "shop",
    container: "shop",
    port: 8080,
    healthPath: "/health",
    replicas: 2,
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
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
  objectives: { rtoSeconds: 300, rpoSeconds: 0, success: ["It works"], drill: { everyDays: 31, level: "traffic", success: ["It worked"] } },
  before: { aiProvider: "gemini", stable: { aiProvider: "openai" }, canary: { weight: 10 } },
  levels: {
    provider: {
      title: "Level 1: provider",
      when: ["Gemini has issues"],
      rows: [],
      rtoSeconds: 30,
      steps: [{ levers: [{ path: "aiProvider", value: "openai" }] }],
      safe: { provider: "openai" },
      verification: [{ type: "http", title: "healthy", path: "/health", status: 200 }],
    },
    traffic: {
      title: "Level 2: traffic",
      when: ["Canary has issues"],
      rows: [],
      rtoSeconds: 120,
      steps: [{ levers: [{ path: "canary.weight", value: 0 }] }],
      safe: { track: "stable" },
      verification: [{ type: "http", title: "healthy", path: "/health", status: 200 }],
    },
    container: {
      title: "Level 3: container",
      when: ["The image has issues"],
      rows: [],
      rtoSeconds: 300,
      steps: [
        { title: "Canary gone", levers: [{ path: "canary", remove: true }] },
        { title: "Previous image", levers: [{ path: "stable.image", sameAs: "previous.image" }] },
      ],
      safe: { release: "after" },
      verification: [{ type: "image", title: "the previous image", selector: "app=shop", lever: "previous.image" }],
    },
    endpoint: {
      title: "Partial: one endpoint",
      when: ["One endpoint has issues"],
      rows: [],
      rtoSeconds: 120,
      traffic: "gateway",
      steps: [{ levers: [{ path: "pins.endpoints", value: "/basket" }] }],
      safe: { track: "stable" },
      verification: [{ type: "http", title: "healthy", path: "/health", status: 200 }],
    },
  },
  contacts: { lead: { title: "Lead" }, owner: { title: "Owner" } },
  milestones: [
    { title: "A tenth", percentage: 10, holdHours: 0 },
    { title: "Half", percentage: 50, holdHours: 0 },
    { title: "Everybody", percentage: 100, holdHours: 0 },
  ],
});
