import { definePlan } from "../components/plan/plan.ts";
import { queries, repairs } from "./chat/data.ts";
import { afterwards, reports } from "./chat/followUp.ts";
import { levels, verification } from "./chat/levels.ts";
import { messages } from "./chat/messages.ts";

/** AI chat: retry logic for reliable answers, one provider, several models. Rows C1–C10 of the team's rollback plan. */
export default definePlan({
  system: "chat",
  title: "AI chat, response reliability",
  service: {
    name: "chat",
    container: "chat",
    port: 3000,
    healthPath: "/health",
    replicas: 2,
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    tracks: {
      stable: { deployment: "chat", version: "stable" },
      canary: { deployment: "chat-canary", version: "canary" },
    },
  },
  providers: {
    fallback: "openai",
    known: { openai: { env: {}, credentials: { apiKey: "OPENAI_API_KEY" } } },
  },
  // C1, C2: the variables are the document's; its option B names the models in code, here they have a variable beside it.
  flags: {
    known: {
      retryLogic: {
        description: "Retries an AI answer that failed or does not pass validation",
        rows: ["C1", "C2"],
        env: {
          enabled: "ENABLE_RETRY_LOGIC",
          percentage: "RETRY_ROLLOUT_PERCENT",
          except: { users: "RETRY_DISABLED_USERS", models: "RETRY_DISABLED_MODELS" },
        },
      },
    },
    audience: { models: ["gpt-4o", "gpt-4o-mini", "gpt-4.1-mini"] },
  },
  // C3
  settings: {
    retryMaxAttempts: {
      type: "integer",
      env: "RETRY_MAX_ATTEMPTS",
      minimum: 1,
      maximum: 10,
      default: 3,
      description: "How often the model is asked, the first time included",
    },
    retryBackoffMs: {
      type: "integers",
      env: "RETRY_BACKOFF_MS",
      minimum: 0,
      maximum: 60_000,
      default: [1000, 2000, 4000],
      description: "Milliseconds before each retry; the last serves all later ones",
    },
    retryEnableFallback: {
      type: "boolean",
      env: "RETRY_ENABLE_FALLBACK",
      default: true,
      description: "Whether another model is asked when every attempt has failed",
    },
    minValidationTextLength: {
      type: "integer",
      env: "MIN_VALIDATION_TEXT_LENGTH",
      minimum: 0,
      maximum: 10_000,
      default: 10,
      description: "Characters below which an answer counts as failed",
    },
    openaiBaseUrl: { type: "string", env: "OPENAI_BASE_URL", description: "Address of the OpenAI API or of a gateway before it" },
    aiTimeoutMs: {
      type: "integer",
      env: "AI_TIMEOUT_MS",
      minimum: 100,
      maximum: 60_000,
      default: 10_000,
      description: "Milliseconds until a provider that says nothing is given up on",
    },
  },
  objectives: {
    rtoSeconds: 1800,
    rpoSeconds: 0,
    success: ["Error rates return to baseline", "Chat functionality normal", "Retries as the level leaves them", "Usage counters accurate"],
    drill: {
      everyDays: 31,
      level: "flag",
      success: ["Rollback completed in under 5 minutes", "Zero downtime", "Every check after it passes"],
    },
  },
  before: {
    aiProvider: "openai",
    flags: { retryLogic: { enabled: true, percentage: 100 } },
    settings: { retryMaxAttempts: 3, retryBackoffMs: "1000,2000,4000", retryEnableFallback: true, minValidationTextLength: 10 },
  },
  verification,
  levels,
  // C6 and the alert of C8
  triggers: {
    errorRate: {
      title: "High error rate",
      signal: { type: "errorRate", above: 0.2 },
      severity: "critical",
      calls: "percentage",
      action: "Where the scope is known, disable for these users or models instead",
    },
    retryRate: {
      title: "Retry rate",
      signal: { type: "retryRate", above: 0.2 },
      severity: "warning",
      action: "Review the logs, find what fails, and decide by the matrix",
    },
  },
  // C6
  decisions: [
    { severity: "critical", when: "Critical bug affecting all users", withinMinutes: 5, levels: ["flag"], action: "Full disable" },
    { severity: "critical", when: "Database corruption", withinMinutes: 15, levels: ["flag"], action: "Full disable + data fix" },
    {
      severity: "high",
      when: "High error rate (> 20 %)",
      withinMinutes: 10,
      levels: ["users", "models", "percentage"],
      action: "Partial disable",
    },
    {
      severity: "medium",
      when: "Performance degradation",
      withinMinutes: 5,
      levels: ["attempts", "backoff", "fallbackModel", "validation"],
      action: "Configuration adjustment",
    },
    { severity: "low", when: "Specific model issues", withinMinutes: 5, levels: ["models"], action: "Model-specific disable" },
  ],
  contacts: {
    onCallPrimary: { title: "On-call Engineer, primary", issues: ["Any incident"], escalatesTo: "onCallSecondary" },
    onCallSecondary: { title: "On-call Engineer, secondary", escalatesTo: "engineeringManager" },
    databaseAdmin: { title: "Database Admin", issues: ["Data integrity"] },
    productManager: { title: "Product Manager", issues: ["User impact"] },
    engineeringManager: { title: "Engineering Manager", issues: ["Escalation"] },
  },
  onCall: [{ when: "Always", primary: "onCallPrimary", backup: "onCallSecondary" }],
  messages,
  // C5
  database: {
    engine: "postgresql",
    env: { url: "DATABASE_URL", passwordFile: "DATABASE_PASSWORD_FILE" },
    settings: { DATABASE_TABLES: "chat" },
    revisions: [{ name: "0001", title: "Users with their counters, and messages" }],
    commands: { current: ["migrate", "current"], to: ["migrate", "to", "{revision}"] },
  },
  queries,
  repairs,
  reports,
  afterwards,
  // C10
  checklists: {
    before: [
      "Issue confirmed and severity assessed",
      "Affected scope identified: specific users, models or time periods?",
      "Rollback level determined",
      "Team notified",
      "Backup of current state taken",
    ],
    during: [
      "Feature flag disabled (if Level 1)",
      "Configuration adjusted (if Level 2/3)",
      "Code reverted (if Level 4)",
      "Application restarted: `pulumi up` does, pod by pod",
      "Rollback verified",
    ],
    after: [
      "Error rates normal",
      "Chat functionality working",
      "Data integrity verified",
      "Users notified (if needed)",
      "Incident documented",
      "Root cause analysis started",
      "Fix planned",
    ],
  },
  // C9
  milestones: [
    {
      title: "Staging",
      percentage: 0,
      holdHours: 24,
      conditions: [
        "The fix is implemented, covered by tests and reviewed",
        "Unit tests, integration tests and manual testing pass; load testing if needed",
        "The issue is no longer reproducible, no regressions, performance acceptable",
        "Feature flag enabled in staging and tested extensively",
      ],
    },
    { title: "Production", percentage: 10, holdHours: 48, conditions: ["Monitored closely", "Metrics healthy"] },
    { title: "Gradual rollout", percentage: 25, holdHours: 24, conditions: ["Metrics healthy"] },
    { title: "Gradual rollout", percentage: 50, holdHours: 24, conditions: ["Metrics healthy"] },
    {
      title: "Everybody",
      percentage: 100,
      holdHours: 48,
      conditions: ["All key metrics monitored", "No similar issues", "User feedback gathered", "Success documented"],
    },
  ],
  troubleshooting: [
    {
      problem: "Does the application have to be restarted?",
      answer:
        "No. A changed flag or setting makes new pods, which take over when they are ready, and `pulumi up` waits for them. No pod ever runs with half of a change.",
    },
    {
      problem: "The previous image is not known, or is gone",
      answer: "Find the last stable version, revert the feature on a branch, test it locally (`pnpm start`, then a chat), and deploy it.",
      commands: [
        'git log --oneline | grep "before retry feature"',
        "git checkout -b rollback-retry-feature",
        "git revert <commit-range>",
        "pnpm build && pnpm start",
        "git push origin rollback-retry-feature",
        "pulumi config set --path previous.image <name@sha256:digest>",
      ],
    },
  ],
});
