import { definePlan, type Probe } from "../components/plan/plan.ts";
import { messages, reports } from "./easymo/communication.ts";
import { milestones, watch } from "./easymo/phases.ts";
import { decisions, triggers } from "./easymo/triggers.ts";

const stable = "app=easymo,version=stable";
const path = "/webhook";

/** A message for each flag, and the one that it is answered under. */
const messagesTo = {
  chat: { text: "hello" },
  voice: { type: "audio", text: "hello" },
  vouchers: { text: "create voucher 10000 for +12025550100" },
  customerLookup: { text: "lookup +12025550100" },
};
type Flag = keyof typeof messagesTo;
const flags = Object.keys(messagesTo) as Flag[];

const healthy: Probe = { type: "http", title: "health answers 200", path: "/health", status: 200 };
const ready: Probe = { type: "pods", title: "2 pods of the service", selector: stable, count: 2 };
const webhook = (flag: Flag, title: string, fields: Record<string, string>): Probe => ({
  type: "http",
  title: `${flag}: the webhook answers 200, and ${title}`,
  path,
  body: messagesTo[flag],
  status: 200,
  answer: { fields: { feature: flag, ...fields } },
});
const answers = (flag: Flag) => webhook(flag, "the customer gets a reply", { status: "answered" });
const doesNothing = (flag: Flag) => webhook(flag, "nothing is done", { status: "ignored", reason: "feature disabled" });

const agentFlag = (what: string, variable: string) => ({
  description: `The AI agent's ${what}`,
  rows: ["E1", "E4"],
  env: { enabled: `FEATURE_AGENT_${variable}` },
});

/** In the demo, one program is each of the functions. */
const agentFunction = (name: string): [string, { command: string[] }] => [name, { command: ["node", "/app/service.mjs", name] }];

/** easymo: an AI agent behind four flags, rolled out in four phases. Rows E1–E10 of the team's rollback plan. */
export default definePlan({
  system: "easymo",
  title: "easymo, AI agent",
  service: {
    name: "easymo",
    container: "easymo",
    port: 8080,
    healthPath: "/health",
    replicas: 2,
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    tracks: {
      stable: { deployment: "easymo", version: "stable" },
      canary: { deployment: "easymo-canary", version: "canary" },
    },
  },
  providers: { fallback: "openai", known: { openai: { env: {}, credentials: { apiKey: "OPENAI_API_KEY" } } } },
  // E1
  flags: {
    known: {
      chat: agentFlag("chat", "CHAT"),
      voice: agentFlag("voice", "VOICE"),
      vouchers: agentFlag("vouchers", "VOUCHERS"),
      customerLookup: agentFlag("customer lookup", "CUSTOMER_LOOKUP"),
    },
    groups: { agents: { description: "Everything the agent does", rows: ["E3"], members: flags } },
  },
  // E5
  features: {
    agent: {
      title: "AI agent",
      rows: ["E5"],
      functions: Object.fromEntries(
        [
          "ai-lookup-customer",
          "ai-create-voucher",
          "ai-redeem-voucher",
          "ai-void-voucher",
          "ai-whatsapp-webhook",
          "ai-realtime-webhook",
        ].map(agentFunction),
      ),
    },
  },
  settings: {
    openaiBaseUrl: { type: "string", env: "OPENAI_BASE_URL", description: "Address of the OpenAI API or of a gateway before it" },
    inputTokenPrice: {
      type: "integer",
      env: "AI_INPUT_CENTS_PER_MILLION_TOKENS",
      minimum: 0,
      maximum: 1_000_000,
      default: 15,
      description: "US cents for a million tokens of input, from the price list of the model in use",
    },
    outputTokenPrice: {
      type: "integer",
      env: "AI_OUTPUT_CENTS_PER_MILLION_TOKENS",
      minimum: 0,
      maximum: 1_000_000,
      default: 60,
      description: "US cents for a million tokens of output",
    },
  },
  // E6
  database: {
    engine: "postgresql",
    env: { url: "DATABASE_URL", passwordFile: "DATABASE_PASSWORD_FILE" },
    settings: { DATABASE_TABLES: "easymo" },
    revisions: [
      { name: "0001", title: "Profiles and their messages" },
      { name: "0002", title: "Vouchers with their states" },
    ],
    commands: { current: ["migrate", "current"], to: ["migrate", "to", "{revision}"] },
  },
  queries: {
    schema: {
      title: "Tables of the agent that are missing",
      kind: "integrity",
      rows: ["E6"],
      sql: "SELECT COUNT(*) FROM (VALUES ('profiles'), ('vouchers')) AS needed (name) WHERE to_regclass(name) IS NULL;",
      expect: 0,
    },
  },
  // E7: a webhook answers 200 whatever happens, so the app counts how its conversations end; functions' series have jobs of their own
  metrics: { labels: { namespace: "easymo" }, requests: "ai_conversations_total", failedStatus: "failed" },
  objectives: {
    rtoSeconds: 1800,
    rpoSeconds: 0,
    success: [
      "Success rate above 95 %",
      "Latency p95 below 3 seconds",
      "Error rate below 5 %",
      "Cost of a conversation below 0.10 USD",
      "No personal data in logs",
    ],
    drill: { everyDays: 31, level: "quick", success: ["Rollback completed in under 5 minutes", "Webhooks answer 200 and do nothing"] },
  },
  before: {
    aiProvider: "openai",
    flags: { chat: true, voice: true, vouchers: true, customerLookup: true },
    features: { agent: true },
  },
  verification: [
    healthy,
    { type: "http", title: "the webhook answers 200, whatever is on", path, body: messagesTo.chat, status: 200 },
    ready,
  ],
  levels: {
    quick: {
      title: "Quick rollback",
      when: ["Critical bug or outage"],
      rows: ["E3"],
      rtoSeconds: 300,
      steps: [{ levers: [{ path: "flags.agents", value: false }] }],
      safe: { release: "after" },
      verification: [
        healthy,
        ...flags.map(doesNothing),
        { type: "log", title: 'logs show "feature disabled"', selector: stable, contains: "feature disabled" },
      ],
      next: ["full"],
    },
    partial: {
      title: "Partial rollback",
      when: ["One feature is problematic (here: voice), the others work"],
      rows: ["E4"],
      rtoSeconds: 600,
      steps: [{ levers: [{ path: "flags.voice", value: false }] }],
      safe: { release: "after" },
      verification: [healthy, answers("chat"), answers("vouchers"), answers("customerLookup"), doesNothing("voice")],
      next: ["quick"],
    },
    full: {
      title: "Full rollback",
      when: ["Major issues", "Every component of the agent has to go"],
      rows: ["E5"],
      rtoSeconds: 1800,
      steps: [
        { title: "Disable the features", withinSeconds: 300, levers: [{ path: "flags.agents", value: false }] },
        {
          title: "Remove the functions, and the package by the release before it",
          withinSeconds: 1500,
          levers: [
            { path: "features.agent", value: false },
            { path: "stable.image", sameAs: "previous.image" },
          ],
        },
      ],
      safe: { release: "after" },
      verification: [
        healthy,
        ...flags.map(doesNothing),
        { type: "pods", title: "no pod of a function left", selector: "app=easymo,rollback-stacks/feature=agent", count: 0 },
        { type: "image", title: "the previous image runs", selector: stable, lever: "previous.image" },
        ready,
      ],
    },
  },
  triggers,
  decisions,
  // E9
  safeguards: [
    { title: "Feature flags", text: "off by default; on for internal testing first, then for beta users, then for all" },
    {
      title: "Observability",
      text: "structured logs with correlation ids, tracing where it is enabled, success, failure and cost metrics",
    },
    { title: "Rate limiting", text: "10 calls a minute for each customer" },
    {
      title: "Idempotency",
      text: "a message is handled once by its id, which is remembered for 1 hour, so that a channel's retries do no harm",
    },
    { title: "Graceful degradation", text: "a webhook answers 200 whatever fails, with a friendly text; the log has the error" },
    { title: "Vouchers", text: "only issued ones can be redeemed or voided, and redeemed only by whom they belong to" },
    { title: "Personal data", text: "phone numbers and e-mail addresses are masked in logs" },
  ],
  // Roles alone: who they are, the team's directory says
  contacts: {
    onCallEngineer: { title: "On-call Engineer", issues: ["Critical bug or outage"], escalatesTo: "platformLead" },
    platformLead: { title: "Platform Lead", issues: ["Decision on a full rollback"] },
    openaiSupport: { title: "OpenAI Support", issues: ["OpenAI API: errors, latency, quota, cost"] },
    supabaseSupport: { title: "Supabase Support", issues: ["Functions and database"] },
  },
  messages,
  reports,
  // E6
  checklists: {
    deployment: [
      "OpenAI API key configured and tested",
      "Supabase project accessible with its service role key",
      "Feature flags `false` for the initial deployment",
      "Monitoring endpoints configured, where enabled",
      "Database schema includes the `profiles` and `vouchers` tables",
      "WhatsApp Business API credentials configured, where chat is used",
      "SIP trunk credentials configured, where voice is used",
      "All unit tests pass: `pnpm --filter @easymo/ai test`",
      "The build succeeds: `pnpm --filter @easymo/ai build`",
      "TypeScript compiles: `pnpm type-check`",
      "Linting passes: `pnpm lint`",
      "No secret in client-side code: in no `VITE_*` or `NEXT_PUBLIC_*` variable",
    ],
  },
  milestones,
  watch,
});
