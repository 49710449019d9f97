import { cloudSql } from "../components/database/cloudSql.ts";
import { definePlan, type Probe } from "../components/plan/plan.ts";

import { paperwork } from "./mindmend/paperwork.ts";
import { partial } from "./mindmend/partial.ts";
import { healthy, session } from "./mindmend/requests.ts";

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
    // It keeps nothing in files.
    writableFolders: [],
    tracks: {
      stable: { deployment: "mindmend-backend", version: "stable" },
      canary: { deployment: "mindmend-backend-canary", version: "gemini" },
      fallback: { deployment: "mindmend-backend-fallback", version: "fallback" },
    },
  },
  traffic: { headers: { segments: "x-user-segment" } },
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
  // M5
  database: {
    engine: "postgresql",
    env: { url: "DATABASE_URL", passwordFile: "DATABASE_PASSWORD_FILE" },
    settings: { DATABASE_TABLES: "mindmend" },
    revisions: [
      { name: "0001", title: "Patients and their sessions" },
      { name: "0002", title: "Which Gemini model answered, and who consented to it" },
    ],
    commands: { current: ["migrate", "current"], to: ["migrate", "to", "{revision}"] },
    managed: cloudSql,
  },
  // M7
  cache: { engine: "redis", env: { url: "REDIS_URL", passwordFile: "REDIS_PASSWORD_FILE" } },
  queries: {
    // It reads no row: that sessions are saved is counted by drills, and a table of millions is not read after every update.
    connection: {
      title: "The database answers, and has sessions",
      kind: "integrity",
      rows: ["M7"],
      sql: "SELECT count(*) FROM (SELECT FROM sessions LIMIT 0) AS sessions",
      expect: 0,
    },
  },
  // M1, M10, M12
  objectives: {
    rtoSeconds: 300,
    rpoSeconds: 0,
    success: [
      "All pods running and ready",
      "Health check returns 200",
      "AI responses work, from openai",
      "Error rate below 1 %",
      "Latency back to baseline",
      "No active user complaints",
      "All validation checks pass",
      "Monitoring shows normal metrics",
      "Team notified and aware",
      "Incident report created",
    ],
    drill: {
      everyDays: 31,
      level: "traffic",
      success: ["Rollback completed in under 5 minutes", "All validation checks pass", "No user impact", "Team confident in the procedure"],
    },
  },
  before: { aiProvider: "gemini", stable: { aiProvider: "openai" }, canary: { weight: 25 } },
  // M7; what needs the database (login, saved sessions, dashboard) is for a person to look at: checklists.after
  verification: [
    healthy,
    { type: "http", title: "a therapy session is answered", ...session, status: 200, answer: { contains: "response" } },
    { type: "pods", title: "4 pods of stable", selector: "app=mindmend,version=stable", count: 4 },
    { type: "errorRate", title: "100 sessions at once: below 1 % fail", ...session, requests: 100, atOnce: 100, below: 0.01 },
    { type: "latency", title: "sessions are answered in time", ...session, requests: 100, quantile: 0.95, belowSeconds: 5 },
  ],
  levels: {
    flag: {
      title: "Level 1: feature flag",
      when: ["Canary is running", "An instant rollback is needed", "No infrastructure change is needed"],
      rows: ["M2"],
      rtoSeconds: 30,
      steps: [{ levers: [{ path: "aiProvider", value: "openai" }] }],
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
      when: ["Canary has issues", "Traffic has to go back to the stable version", "The old deployment is still running"],
      rows: ["M3"],
      rtoSeconds: 120,
      steps: [{ levers: [{ path: "canary.weight", value: 0 }] }],
      safe: { provider: "openai", track: "stable" },
      verification: [
        healthy,
        allFromOpenai,
        { type: "pods", title: "no pod of version=gemini left", selector: "app=mindmend,version=gemini", count: 0 },
        { type: "pods", title: "4 pods of stable", selector: "app=mindmend,version=stable", count: 4 },
      ],
    },
    container: {
      title: "Level 3: container",
      when: ["Code changes introduced bugs", "The previous image has to come back", "A complete rollback of the deployment is required"],
      rows: ["M4"],
      rtoSeconds: 300,
      steps: [
        {
          levers: [
            { path: "stable.image", sameAs: "previous.image" },
            { path: "canary", remove: true },
          ],
        },
      ],
      safe: { release: "after" },
      verification: [
        healthy,
        allFromOpenai,
        { type: "pods", title: "no pod of version=gemini left", selector: "app=mindmend,version=gemini", count: 0 },
        { type: "pods", title: "4 pods of stable", selector: "app=mindmend,version=stable", count: 4 },
        { type: "image", title: "the previous image runs", selector: "app=mindmend,version=stable", lever: "previous.image" },
      ],
    },
    database: {
      title: "Level 4: database",
      when: ["The migration changed the database's schema", "The schema has to go back", "Data were migrated"],
      rows: ["M5"],
      impact: [
        "Only needed where the schema changed",
        "The columns of the Gemini migration go, with what is in them; the backup of before keeps it",
      ],
      rtoSeconds: 600,
      steps: [
        {
          title: "The release that knows the schema of before, on stable alone",
          withinSeconds: 240,
          levers: [
            { path: "stable.image", sameAs: "previous.image" },
            { path: "canary", remove: true },
          ],
        },
        // Of its own: what an update removes, the canary among it, goes at its end only, and would write to the schema until then.
        { title: "The schema of before", withinSeconds: 360, levers: [{ path: "database.revision", value: "0001" }] },
      ],
      safe: { release: "after" },
      verification: [
        healthy,
        allFromOpenai,
        { type: "http", title: "a session is saved", ...session, status: 200, answer: { contains: "saved" } },
        { type: "pods", title: "4 pods of stable", selector: "app=mindmend,version=stable", count: 4 },
        { type: "image", title: "the previous image runs", selector: "app=mindmend,version=stable", lever: "previous.image" },
      ],
    },
    ...partial,
  },
  // M6
  triggers: {
    errorRate: {
      title: "Error rate",
      signal: { type: "errorRate", above: 0.05 },
      forSeconds: 300,
      severity: "critical",
      calls: "flag",
    },
    latencyP95: {
      title: "Latency p95",
      signal: { type: "latencyOverBaseline", quantile: 0.95, times: 3 },
      forSeconds: 600,
      severity: "critical",
      calls: "flag",
    },
    latencyP99: {
      title: "Latency p99",
      signal: { type: "latencyOverBaseline", quantile: 0.99, times: 5 },
      severity: "critical",
      calls: "flag",
    },
    complaints: {
      title: "Critical user complaints",
      signal: { type: "reported", what: "critical complaints", above: 3, withinMinutes: 15 },
      severity: "critical",
      calls: "flag",
    },
    cost: {
      title: "Cost spike",
      signal: { type: "cost", aboveBudget: 0.5 },
      severity: "warning",
      action: "Investigate, prepare a rollback",
    },
    quota: {
      title: "Quota exhaustion",
      signal: { type: "providerErrors", kind: "quota", above: 0 },
      severity: "critical",
      calls: "flag",
    },
    safetyFilter: {
      title: "Safety filter issues",
      signal: { type: "providerErrorRate", kind: "safety", above: 0.05 },
      severity: "critical",
      calls: "flag",
    },
    authentication: {
      title: "Authentication failures",
      signal: { type: "providerErrors", kind: "auth", above: 10 },
      severity: "critical",
      calls: "flag",
    },
    outage: {
      title: "Complete service outage",
      signal: { type: "outage" },
      forSeconds: 120,
      severity: "critical",
      calls: "traffic",
    },
  },
  ...paperwork,
});
