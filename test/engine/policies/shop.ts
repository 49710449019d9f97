import { definePlan } from "../../../components/plan/plan.ts";

/** A small system with a ladder, for tests of the pack. */
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
    traffic: {
      title: "Level 1: traffic",
      when: ["Canary has issues"],
      rows: [],
      rtoSeconds: 120,
      steps: [{ levers: [{ path: "canary.weight", value: 0 }] }],
      safe: { track: "stable" },
      verification: [{ type: "http", title: "healthy", path: "/health", status: 200 }],
    },
  },
  decisions: [
    { severity: "high", when: "It fails", withinMinutes: 5, levels: ["traffic"], action: "Roll back", approvedBy: ["lead", "owner"] },
    { severity: "low", when: "It is ugly", action: "Fix it in the next release" },
  ],
  contacts: { lead: { title: "Lead" }, owner: { title: "Owner" } },
  messages: {
    over: {
      title: "It is over",
      to: "Team",
      text: "{level}: {state} ({incident}, {reason}), {impact}",
      fields: {
        level: { what: "which", from: "level" },
        state: { what: "how it stands", from: "state" },
        incident: { what: "for which", from: "incident" },
        reason: { what: "why", from: "reason" },
        impact: "what users notice",
      },
    },
  },
  milestones: [
    { title: "A tenth", percentage: 10, holdHours: 24 },
    { title: "Half", percentage: 50, holdHours: 24 },
    { title: "Everybody", percentage: 100, holdHours: 48 },
  ],
});
