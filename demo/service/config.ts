import * as z from "zod";
import type { System } from "../database/migrations/index.ts";
import type { Switch } from "./switch.ts";

/** Whose tables the database can have; the names are demo/database/migrations/index.ts's. */
const systems = ["chat", "easymo", "mindmend", "wabot", "watibot"] as const satisfies readonly System[];

export const providerNames = ["openai", "gemini", "vertex"] as const;
export type ProviderName = (typeof providerNames)[number];

/** The environment variable that holds each provider's key. Vertex AI is reached in its API key ("express") mode. */
export const keyVariables = { openai: "OPENAI_API_KEY", gemini: "GEMINI_API_KEY", vertex: "GOOGLE_API_KEY" } as const;

const flag = z.stringbool({ error: (issue) => `${JSON.stringify(issue.input)} is neither true nor false` });
const whole = (min: number, max: number) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: (issue) => `${JSON.stringify(issue.input)} is not a whole number from ${min} to ${max}`,
    })
    .transform(Number);
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);
const baseUrl = z.url({ protocol: /^https?$/, error: (issue) => `${JSON.stringify(issue.input)} is not an http(s) URL` }).optional();
const key = z.string().optional();

/**
 * Every environment variable that the service reads. The names are those of the five rollback plans; what the plans do not
 * name (ports, time limits, models) has the name the official client or Kubernetes practice gives it.
 */
const environment = z.object({
  AI_PROVIDER: z
    .enum(providerNames, { error: (issue) => `${JSON.stringify(issue.input)} is not a provider; expected ${providerNames.join(", ")}` })
    .optional(),
  USE_VERTEX_AI: flag.optional(),
  OPENAI_API_KEY: key,
  OPENAI_BASE_URL: baseUrl,
  OPENAI_MODEL: z.string().default("gpt-4o-mini"),
  OPENAI_FALLBACK_MODEL: z.string().default("gpt-4.1-mini"),
  GEMINI_API_KEY: key,
  GOOGLE_GEMINI_BASE_URL: baseUrl,
  GOOGLE_API_KEY: key,
  GOOGLE_VERTEX_BASE_URL: baseUrl,
  GEMINI_MODEL: z.string().default("gemini-2.5-flash"),
  GEMINI_FALLBACK_MODEL: z.string().default("gemini-2.5-flash-lite"),
  AI_TIMEOUT_MS: whole(1, 600_000).default(10_000),
  // The list prices of the default OpenAI model, gpt-4o-mini.
  AI_INPUT_CENTS_PER_MILLION_TOKENS: whole(0, 1_000_000).default(15),
  AI_OUTPUT_CENTS_PER_MILLION_TOKENS: whole(0, 1_000_000).default(60),

  ENABLE_RETRY_LOGIC: flag.default(false),
  RETRY_DISABLED_USERS: list.default([]),
  RETRY_DISABLED_MODELS: list.default([]),
  RETRY_ROLLOUT_PERCENT: whole(0, 100).default(100),
  RETRY_MAX_ATTEMPTS: whole(1, 10).default(3),
  RETRY_BACKOFF_MS: list.pipe(z.array(whole(0, 60_000)).min(1, "names no delay")).default([1000, 2000, 4000]),
  RETRY_ENABLE_FALLBACK: flag.default(true),
  MIN_VALIDATION_TEXT_LENGTH: whole(0, 10_000).default(10),

  FEATURE_AGENT_CHAT: flag.optional(),
  FEATURE_AGENT_VOICE: flag.optional(),
  FEATURE_AGENT_VOUCHERS: flag.optional(),
  FEATURE_AGENT_CUSTOMER_LOOKUP: flag.optional(),

  ENABLE_MESSAGE_HARMONIZATION: flag.default(false),
  MESSAGE_HARMONIZATION_DISABLED_TENANTS: list.default([]),
  HARMONIZATION_WAIT_SECONDS: whole(0, 60).default(3),
  ENABLE_IMMEDIATE_PRODUCT_DISPLAY: flag.default(false),
  IMMEDIATE_PRODUCT_DISPLAY_DISABLED_TENANTS: list.default([]),
  MAX_PRODUCTS_TO_SHOW: whole(1, 100).default(5),
  ENABLE_GROUNDED_VALIDATION: flag.default(false),
  GROUNDED_VALIDATION_DISABLED_TENANTS: list.default([]),
  ENABLE_REFERENCE_RESOLUTION: flag.default(false),
  REFERENCE_RESOLUTION_DISABLED_TENANTS: list.default([]),
  USE_BUSINESS_NAME_AS_IDENTITY: flag.default(false),
  CUSTOM_BOT_GREETING: z.string().default(""),

  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "is not a postgres:// URL" }).optional(),
  DATABASE_PASSWORD_FILE: z.string().optional(),
  DATABASE_TABLES: z
    .enum(systems, { error: (issue) => `${JSON.stringify(issue.input)} is no system; expected ${systems.join(", ")}` })
    .optional(),
  DATABASE_CONNECTIONS: whole(1, 100).default(5),
  APP_DATABASE_REVISION: whole(1, 2).default(2),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "is not a redis:// URL" }).optional(),
  REDIS_PASSWORD_FILE: z.string().optional(),

  PORT: whole(0, 65_535).default(8080),
  TRACK: z.string().default("stable"),
  ROLLBACK_STACKS_RELEASE: z.string().default("none"),
  APP_VERSION: z.string().default("development"),
  WARM_UP_SECONDS: whole(0, 600).default(0),
  SHUTDOWN_GRACE_SECONDS: whole(1, 600).default(10),
});

export type AgentFeature = "chat" | "voice" | "vouchers" | "customerLookup";

/** Thrown by {@link loadConfig}; the message lists every problem at once, one a line, each with its variable. */
export class ConfigError extends Error {
  constructor(problems: string[]) {
    super(`the environment is not usable:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "ConfigError";
  }
}

export type Config = ReturnType<typeof loadConfig>;

/**
 * The service's configuration from its environment. Empty variables count as unset.
 * @throws ConfigError naming every variable that is missing, malformed or contradicts another. Keys are never quoted.
 */
export function loadConfig(env: NodeJS.ProcessEnv) {
  const parsed = environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== "")));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`));
  }
  const values = parsed.data;
  const provider = chooseProvider(values.AI_PROVIDER, values.USE_VERTEX_AI);
  const apiKey = values[keyVariables[provider]];
  if (apiKey === undefined) {
    throw new ConfigError([`${keyVariables[provider]}: missing, and provider ${provider} cannot be used without it`]);
  }
  const openai = provider === "openai";
  return {
    database: databaseOf(values),
    cache: values.REDIS_URL === undefined ? undefined : { url: values.REDIS_URL, passwordFile: values.REDIS_PASSWORD_FILE },
    port: values.PORT,
    track: values.TRACK,
    release: values.ROLLBACK_STACKS_RELEASE,
    version: values.APP_VERSION,
    warmUpSeconds: values.WARM_UP_SECONDS,
    shutdownGraceSeconds: values.SHUTDOWN_GRACE_SECONDS,
    provider: {
      name: provider,
      apiKey,
      baseUrl: { openai: values.OPENAI_BASE_URL, gemini: values.GOOGLE_GEMINI_BASE_URL, vertex: values.GOOGLE_VERTEX_BASE_URL }[provider],
      model: openai ? values.OPENAI_MODEL : values.GEMINI_MODEL,
      fallbackModel: openai ? values.OPENAI_FALLBACK_MODEL : values.GEMINI_FALLBACK_MODEL,
      timeoutMs: values.AI_TIMEOUT_MS,
      prices: {
        inputCentsPerMillion: values.AI_INPUT_CENTS_PER_MILLION_TOKENS,
        outputCentsPerMillion: values.AI_OUTPUT_CENTS_PER_MILLION_TOKENS,
      },
    },
    retry: {
      switch: onFor(
        "retryLogic",
        values.ENABLE_RETRY_LOGIC,
        { user: values.RETRY_DISABLED_USERS, model: values.RETRY_DISABLED_MODELS },
        values.RETRY_ROLLOUT_PERCENT,
      ),
      maxAttempts: values.RETRY_MAX_ATTEMPTS,
      backoffMs: values.RETRY_BACKOFF_MS,
      fallback: values.RETRY_ENABLE_FALLBACK,
      minTextLength: values.MIN_VALIDATION_TEXT_LENGTH,
    },
    agents: agentFeatures(values),
    shop: {
      harmonization: onFor("harmonization", values.ENABLE_MESSAGE_HARMONIZATION, { tenant: values.MESSAGE_HARMONIZATION_DISABLED_TENANTS }),
      harmonizationWaitSeconds: values.HARMONIZATION_WAIT_SECONDS,
      immediateDisplay: onFor("immediateDisplay", values.ENABLE_IMMEDIATE_PRODUCT_DISPLAY, {
        tenant: values.IMMEDIATE_PRODUCT_DISPLAY_DISABLED_TENANTS,
      }),
      maxProducts: values.MAX_PRODUCTS_TO_SHOW,
      groundedValidation: onFor("groundedValidation", values.ENABLE_GROUNDED_VALIDATION, {
        tenant: values.GROUNDED_VALIDATION_DISABLED_TENANTS,
      }),
      referenceResolution: onFor("referenceResolution", values.ENABLE_REFERENCE_RESOLUTION, {
        tenant: values.REFERENCE_RESOLUTION_DISABLED_TENANTS,
      }),
      businessNameAsIdentity: values.USE_BUSINESS_NAME_AS_IDENTITY,
      greeting: values.CUSTOM_BOT_GREETING,
    },
  };
}

/** None where no address is set: the service then leaves no row anywhere. */
function databaseOf(values: z.infer<typeof environment>) {
  const { DATABASE_URL: url, DATABASE_TABLES: tables } = values;
  if (url === undefined) return undefined;
  if (tables === undefined) throw new ConfigError(["DATABASE_TABLES: missing, and DATABASE_URL cannot be used without it"]);
  return {
    url,
    passwordFile: values.DATABASE_PASSWORD_FILE,
    tables,
    connections: values.DATABASE_CONNECTIONS,
    /** The newest that this release knows. */
    revision: values.APP_DATABASE_REVISION,
  };
}

function onFor(key: string, enabled: boolean, except: Switch["except"], percentage = 100): Switch {
  return { key, enabled, percentage, only: {}, except };
}

/** AI_PROVIDER decides; USE_VERTEX_AI alone chooses between Vertex AI and OpenAI, and beside AI_PROVIDER it must not contradict it. */
function chooseProvider(named: ProviderName | undefined, useVertex: boolean | undefined): ProviderName {
  if (named === undefined) return useVertex ? "vertex" : "openai";
  if (useVertex !== undefined && useVertex !== (named === "vertex")) {
    throw new ConfigError([`USE_VERTEX_AI: ${useVertex} contradicts AI_PROVIDER=${named}; set one of them`]);
  }
  return named;
}

/** Only a release that declares FEATURE_AGENT_* variables has these switches; in it, one that is not declared is off. */
function agentFeatures(values: z.infer<typeof environment>): Record<AgentFeature, boolean> | undefined {
  const switches = {
    chat: values.FEATURE_AGENT_CHAT,
    voice: values.FEATURE_AGENT_VOICE,
    vouchers: values.FEATURE_AGENT_VOUCHERS,
    customerLookup: values.FEATURE_AGENT_CUSTOMER_LOOKUP,
  };
  if (Object.values(switches).every((value) => value === undefined)) return undefined;
  return {
    chat: switches.chat ?? false,
    voice: switches.voice ?? false,
    vouchers: switches.vouchers ?? false,
    customerLookup: switches.customerLookup ?? false,
  };
}
