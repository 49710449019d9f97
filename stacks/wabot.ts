import { definePlan, type Probe } from "../components/plan/plan.ts";
import { database, queries } from "./wabot/database.ts";
import { flags, strategy1 } from "./wabot/enhancements.ts";
import { afterwards, checklists, messages, reports } from "./wabot/paperwork.ts";
import { contacts, decisions, onCall } from "./wabot/people.ts";
import { triggers } from "./wabot/triggers.ts";
import { troubleshooting } from "./wabot/troubleshooting.ts";

const pods = "app=wabot,version=stable";
const delivery = { path: "/webhook", body: { test: "rollback_verification", tenant: "globex" } };
/** Row B8, as far as it shows at once. */
const healthy: Probe[] = [
  { type: "http", title: "health answers 200", path: "/v1/health", status: 200 },
  { type: "provider", title: "10 of 10 test messages answered", ...delivery, provider: "openai", of: 10 },
  { type: "errorRate", title: "error rate below 1 %", ...delivery, requests: 100, atOnce: 2, below: 0.01 },
  { type: "latency", title: "p95 below 500 ms", ...delivery, requests: 50, atOnce: 2, quantile: 0.95, belowSeconds: 0.5 },
  { type: "pods", title: "2 pods ready", selector: pods, count: 2 },
  { type: "noLog", title: "no errors in the logs", selector: pods, lacks: '"severity":"ERROR"' },
];

/** Strategies 3 and 4. */
const previousVersion: Probe[] = [
  { type: "image", title: "the previous image serves", selector: pods, lever: "previous.image" },
  { type: "image", title: "the previous image works", selector: "app=wabot,rollback-stacks/worker", lever: "previous.image" },
  { type: "pods", title: "worker and beat are back", selector: "app=wabot,rollback-stacks/worker", count: 2 },
  {
    type: "http",
    title: "smoke test: product discovery is answered",
    path: "/webhook",
    body: { text: "Which blue shoes do you have?", tenant: "globex" },
    status: 200,
    answer: { fields: { status: "answered" } },
  },
];

/** WabotIQ: conversational commerce, four strategies. Rows B1–B12 of the team's rollback plan. */
export default definePlan({
  system: "wabot",
  title: "WabotIQ, Conversational Commerce UX Enhancement",
  service: {
    name: "wabot",
    container: "wabot",
    port: 8000,
    healthPath: "/v1/health",
    replicas: 2,
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    tracks: {
      stable: { deployment: "wabot", version: "stable" },
      canary: { deployment: "wabot-canary", version: "canary" },
    },
  },
  // B3
  workers: {
    worker: {
      deployment: "wabot-worker",
      command: ["celery", "-A", "config", "worker", "--loglevel=info"],
      replicas: 1,
      drainSeconds: 120,
    },
    beat: {
      deployment: "wabot-beat",
      command: ["celery", "-A", "config", "beat", "--loglevel=info"],
      replicas: 1,
      drainSeconds: 30,
      alone: true,
    },
  },
  // B1, B2
  tasks: {
    flushRedis: { title: "Empty Redis", command: ["redis-cli", "FLUSHDB"], on: ["image", "settings", "flags"], timeoutSeconds: 60 },
    clearCache: {
      title: "Empty Django's cache",
      command: ["python", "manage.py", "clear_cache"],
      on: ["image", "settings", "flags"],
      timeoutSeconds: 60,
    },
  },
  maintenance: {
    retryAfterSeconds: 120,
    title: "Maintenance",
    text: "System maintenance in progress. Service will be restored shortly.",
  },
  providers: {
    fallback: "openai",
    known: { openai: { env: { AI_PROVIDER: "openai" }, credentials: { apiKey: "OPENAI_API_KEY" } } },
  },
  flags,
  // B2: with the flags, the eight values that the document resets to
  settings: {
    harmonizationWaitSeconds: {
      type: "integer",
      env: "HARMONIZATION_WAIT_SECONDS",
      minimum: 0,
      maximum: 60,
      default: 3,
      description: "Seconds within which messages belong together",
    },
    maxProducts: {
      type: "integer",
      env: "MAX_PRODUCTS_TO_SHOW",
      minimum: 1,
      maximum: 100,
      default: 5,
      description: "Most products that are shown at once",
    },
    useBusinessNameAsIdentity: {
      type: "boolean",
      env: "USE_BUSINESS_NAME_AS_IDENTITY",
      default: true,
      description: "Whether the bot speaks under the name of the business",
    },
    customBotGreeting: { type: "string", env: "CUSTOM_BOT_GREETING", default: "", description: "What the bot begins with" },
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
  // B8
  objectives: {
    rtoSeconds: 1200,
    rpoSeconds: 0,
    success: [
      "Error rate below 1 %",
      "Response time (p95) below 500 ms",
      "No critical errors in the logs",
      "The application is accessible, and the smoke tests pass",
      "Users report normal functionality",
      "Business metrics are stable, the conversation completion rate among them",
    ],
    watchMinutes: 30,
    drill: { everyDays: 92, level: "enhancements", success: ["Rollback completed in under 5 minutes", "Every check after it passes"] },
  },
  verification: healthy,
  before: {
    aiProvider: "openai",
    settings: { harmonizationWaitSeconds: 10, maxProducts: 12, useBusinessNameAsIdentity: false, customBotGreeting: "Welcome!" },
  },
  levels: {
    ...strategy1(),
    defaults: {
      title: "Strategy 2: settings back to the defaults",
      when: ["Changed settings cause the issues", "Flags are not enough", "No code has to change"],
      rows: ["B2", "B8"],
      impact: ["Risk: low"],
      rtoSeconds: 600,
      steps: [
        {
          withinSeconds: 360,
          levers: [
            { path: "flags", remove: true },
            { path: "settings.harmonizationWaitSeconds", remove: true },
            { path: "settings.maxProducts", remove: true },
            { path: "settings.useBusinessNameAsIdentity", remove: true },
            { path: "settings.customBotGreeting", remove: true },
          ],
        },
      ],
      safe: { release: "after" },
      verification: [
        {
          type: "http",
          title: "all eight values are the defaults",
          ...delivery,
          status: 200,
          answer: {
            fields: {
              "shop.harmonization": true,
              "shop.harmonizationWaitSeconds": 3,
              "shop.immediateDisplay": true,
              "shop.maxProducts": 5,
              "shop.groundedValidation": true,
              "shop.referenceResolution": true,
              "shop.businessNameAsIdentity": true,
              "shop.greeting": "",
            },
          },
        },
      ],
      next: ["code"],
    },
    code: {
      title: "Strategy 3: code",
      when: ["Bugs in the code", "The database schema is unchanged", "Flags and settings are not enough"],
      rows: ["B3", "B8"],
      impact: ["Risk: medium", "Users get the maintenance page until it is over"],
      rtoSeconds: 1200,
      steps: [
        { title: "Maintenance on; workers finish what they have", withinSeconds: 240, levers: [{ path: "maintenance", value: true }] },
        { title: "The previous image", withinSeconds: 300, levers: [{ path: "stable.image", sameAs: "previous.image" }] },
        { title: "Services start, maintenance off", withinSeconds: 240, levers: [{ path: "maintenance", value: false }] },
      ],
      safe: { release: "after" },
      verification: previousVersion,
      watch: ["Error rate", "Response time", "Conversation completion rate"],
      next: ["database"],
    },
    database: {
      title: "Strategy 4: code and database",
      when: [
        "Critical bugs with data corruption",
        "Problems of the database schema",
        "Failed migrations",
        "The feature has to go completely",
      ],
      rows: ["B4", "B8"],
      impact: [
        "Risk: high",
        "Users get the maintenance page until it is over",
        "What was written since the backup is lost, but for the backup of before",
      ],
      rtoSeconds: 3600,
      steps: [
        { title: "Maintenance on; everything stops", withinSeconds: 300, levers: [{ path: "maintenance", value: true }] },
        {
          title: "The database is backed up, the earlier backup restored and checked; the previous image",
          withinSeconds: 2100,
          levers: [
            { path: "stable.image", sameAs: "previous.image" },
            { path: "database.revision", value: "0001" },
            { path: "database.restore", value: "2025-01-20T14-00-00-000Z-0123456789ab.dump", chosen: "backup" },
          ],
        },
        {
          title: "Services start, maintenance off",
          withinSeconds: 240,
          levers: [
            { path: "maintenance", value: false },
            { path: "database.restore", remove: true },
          ],
        },
      ],
      safe: { release: "after" },
      verification: previousVersion,
      watch: ["Error rate", "Response time", "Conversation completion rate"],
    },
  },
  // B6, B7
  triggers,
  decisions,
  contacts,
  onCall,
  messages,
  checklists,
  afterwards,
  reports,
  database,
  // B1, B2
  cache: { engine: "redis", env: { url: "REDIS_URL", passwordFile: "REDIS_PASSWORD_FILE" } },
  queries,
  troubleshooting,
});
