import { definePlan, type Probe } from "../components/plan/plan.ts";
import { queries } from "./watibot/database.ts";

const delivery = { path: "/webhook", body: { test: "rollback_verification" } };
const pods = "app=watibot3";
const answered: Probe = {
  type: "provider",
  title: "10 of 10 test conversations answered by openai",
  ...delivery,
  provider: "openai",
  of: 10,
};
const conversation = (type: string): Probe => ({
  type: "http",
  title: `a test conversation gets a proper response: ${type}`,
  ...delivery,
  body: { ...delivery.body, type },
  status: 200,
  answer: { fields: { status: "answered" } },
});

/** WatiBot3: OpenAI ↔ Vertex AI, one service, one flag. Rows W1–W9 of the team's rollback plan. */
export default definePlan({
  system: "watibot",
  title: "WatiBot3, Vertex AI migration",
  service: {
    name: "watibot3",
    container: "watibot3",
    port: 8003,
    healthPath: "/health",
    replicas: 2,
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    tracks: {
      stable: { deployment: "watibot3", version: "stable" },
      canary: { deployment: "watibot3-canary", version: "canary" },
      fallback: { deployment: "watibot3-fallback", version: "fallback" },
    },
  },
  providers: {
    fallback: "openai",
    candidate: "vertex",
    known: {
      openai: { env: { USE_VERTEX_AI: "false" }, credentials: { apiKey: "OPENAI_API_KEY" } },
      vertex: { env: { USE_VERTEX_AI: "true" }, credentials: { apiKey: "GOOGLE_API_KEY" } },
    },
  },
  settings: {
    openaiBaseUrl: { type: "string", env: "OPENAI_BASE_URL", description: "Address of the OpenAI API or of a gateway before it" },
    vertexBaseUrl: { type: "string", env: "GOOGLE_VERTEX_BASE_URL", description: "Address of the Vertex AI API or of a gateway before it" },
    aiTimeoutMs: {
      type: "integer",
      env: "AI_TIMEOUT_MS",
      minimum: 100,
      maximum: 60_000,
      default: 10_000,
      description: "Milliseconds until a provider that says nothing is given up on",
    },
  },
  // W5
  database: {
    engine: "postgresql",
    env: { url: "DATABASE_URL", passwordFile: "DATABASE_PASSWORD_FILE" },
    settings: { DATABASE_TABLES: "watibot" },
    revisions: [
      { name: "0001", title: "Conversations by their thread" },
      { name: "0002", title: "Sessions of Vertex AI, in columns of their own" },
    ],
    commands: { current: ["migrate", "current"], to: ["migrate", "to", "{revision}"] },
  },
  queries,
  // W5, W7
  objectives: {
    rtoSeconds: 60,
    rpoSeconds: 0,
    success: ["Response time below 5 seconds", "Error rate below 1 %", "Availability above 99.5 %", "Customer satisfaction at its level"],
    drill: { everyDays: 31, level: "instant", success: ["Rollback completed in under 1 minute", "Every check after it passes"] },
  },
  before: { aiProvider: "vertex" },
  // W2, W7
  verification: [
    { type: "http", title: "the service answers", path: "/health", status: 200 },
    ...["text", "image", "audio"].map(conversation),
    { type: "errorRate", title: "below 1 % of conversations fail", ...delivery, requests: 100, below: 0.01 },
    { type: "latency", title: "conversations are answered within 5 seconds", ...delivery, requests: 100, quantile: 0.95, belowSeconds: 5 },
  ],
  levels: {
    instant: {
      title: "Instant rollback",
      when: ["Critical production issues", "API failures", "Unexpected behaviour"],
      rows: ["W1", "W2"],
      rtoSeconds: 60,
      steps: [{ levers: [{ path: "aiProvider", value: "openai" }] }],
      safe: { provider: "openai" },
      verification: [
        { type: "http", title: "the service answers", path: "/health", status: 200 },
        answered,
        { type: "pods", title: "2 pods ready", selector: pods, count: 2 },
        { type: "log", title: "logs show [OPENAI]", selector: pods, contains: "[OPENAI]" },
        { type: "noLog", title: "logs show no [VERTEX]", selector: pods, lacks: "[VERTEX]" },
      ],
    },
  },
  // W3
  triggers: {
    quota: {
      title: "Vertex AI quota exceeded",
      symptoms: ['Error: "Quota exceeded for aiplatform.googleapis.com"', "High response latency", "Conversations fail"],
      signal: { type: "providerErrors", kind: "quota", above: 0 },
      severity: "critical",
      calls: "instant",
      action: "Then ask Google Cloud Support for a higher quota",
    },
    authentication: {
      title: "Authentication or permission denied",
      symptoms: ['Error: "Permission denied for Vertex AI"', "403 Forbidden", "Authentication of the service account fails"],
      signal: { type: "providerErrors", kind: "auth", above: 0 },
      severity: "critical",
      calls: "instant",
      action: "Then verify the service account's permissions and access to its credential",
    },
    errorRate: {
      title: "High error rate",
      symptoms: ["More conversations fail", "Timeouts", "Poor answers"],
      signal: { type: "errorRate", above: 0.05 },
      severity: "critical",
      calls: "instant",
      action: "Then look for patterns in the errors and correct the configuration",
    },
    latency: {
      title: "Performance degradation",
      symptoms: ["Customers complain about slow answers", "Timeouts"],
      signal: { type: "latency", quantile: 0.95, aboveSeconds: 10 },
      severity: "critical",
      calls: "instant",
      action: "Then look for what is slow",
    },
    routing: {
      title: "Rollback may have failed: requests still go to Vertex AI",
      signal: { type: "reported", what: "answers from Vertex AI after a rollback", above: 0 },
      severity: "critical",
      action: "Investigate immediately",
    },
  },
  // W8
  decisions: [
    {
      severity: "critical",
      when: "Service down",
      withinMinutes: 0,
      levels: ["instant"],
      action: "Execute the rollback, investigate later",
      approvedBy: ["technicalLead"],
    },
    {
      severity: "high",
      when: "More than 10 % errors",
      withinMinutes: 5,
      levels: ["instant"],
      action: "Execute the rollback, fix in staging",
      approvedBy: ["technicalLead"],
    },
    {
      severity: "medium",
      when: "Performance issues",
      withinMinutes: 15,
      levels: ["instant"],
      action: "Evaluate the impact, consider the rollback",
    },
    { severity: "low", when: "Minor issues", action: "Monitor, fix in place, roll back if it worsens" },
  ],
  // W9
  contacts: {
    technicalLead: { title: "Technical Lead", issues: ["Decision to roll back"], escalatesTo: "cto" },
    operations: { title: "Operations Team", issues: ["Restart of the service and monitoring"], escalatesTo: "technicalLead" },
    onCallEngineer: { title: "On-Call Engineer", issues: ["Critical issues, around the clock"], escalatesTo: "technicalLead" },
    googleCloudSupport: { title: "Google Cloud Support", issues: ["API and quota issues"] },
    dba: { title: "Database Administrator", issues: ["Data integrity concerns"] },
    customerSuccess: { title: "Customer Success", issues: ["Customer impact assessment"], escalatesTo: "customerRelations" },
    cto: { title: "CTO / Technical Director", issues: ["Business continuity decisions"] },
    customerRelations: { title: "Customer Relations", issues: ["Communication of a major customer impact"] },
  },
  escalation: [
    { role: "onCallEngineer", afterMinutes: 0, when: "Level 1, immediate response" },
    { role: "technicalLead", afterMinutes: 0, when: "Level 1, immediate response" },
    { role: "googleCloudSupport", afterMinutes: 15, when: "Level 2, extended support" },
    { role: "cto", afterMinutes: 60, when: "Level 3, executive" },
  ],
  messages: {
    internal: {
      title: "Internal alert",
      to: "Team",
      text: "ALERT: WatiBot3 Vertex AI Rollback Initiated\nTime: {time}\nReason: {reason}\nImpact: {impact}\nETA to Resolution: {eta}",
      fields: {
        time: { what: "when it was initiated, with zone", from: "startedAt" },
        reason: { what: "the issue", from: "reason" },
        impact: "what customers notice",
        eta: { what: "estimated time to resolution", from: "rto" },
      },
    },
    customers: {
      title: "Customers, where needed",
      to: "Customers",
      text: "We experienced a brief technical issue that has been resolved.\nService is now fully operational. We apologize for any inconvenience.",
    },
  },
  // W2, W4
  checklists: {
    after: [
      "The service is running",
      "Logs show OpenAI API calls, not Vertex AI",
      "A test conversation gets a proper response",
      "Vision, audio and text processing work",
      "Response time below 5 seconds for standard conversations",
      "All conversation history preserved",
      "Within 5 minutes: health, a conversation, the number of errors",
      "Within 30 minutes: text, image classification, voice transcription, payment proof analysis",
      "Within 30 minutes: conversation data intact, response times back to normal",
    ],
  },
  // W6
  milestones: [
    {
      title: "Vertex AI for a quarter of the traffic",
      percentage: 25,
      holdHours: 2,
      conditions: [
        "The root cause is identified and fixed",
        "The staging environment validates the solution",
        "It is a period of low traffic",
        "Enhanced monitoring is in place",
      ],
    },
    {
      title: "Vertex AI for everybody",
      percentage: 100,
      holdHours: 2,
      conditions: ["Two hours without more errors or timeouts of [VERTEX] in the logs than before"],
    },
  ],
});
