import { z } from "zod";
import { highestReplicaWeight } from "./motion.ts";
import type { Plan, Setting } from "./plan/plan.ts";

/** `pulumi config set` types top-level values as strings and `--path` types numbers and booleans: both must do. */
const integer = (minimum: number | undefined, maximum: number | undefined) => {
  const range = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : "";
  const error = (issue: { input?: unknown }): string => `expected a whole number${range}, got ${quote(issue.input)}`;
  let schema = z.number({ error }).int({ error });
  if (minimum !== undefined) schema = schema.min(minimum, { error });
  if (maximum !== undefined) schema = schema.max(maximum, { error });
  return z.preprocess((value) => (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value), schema);
};

const boolean = () =>
  z.preprocess(
    (value) => (value === "true" ? true : value === "false" ? false : value),
    z.boolean({ error: (issue) => `expected true or false, got ${quote(issue.input)}` }),
  );

const text = () => z.string({ error: (issue) => (issue.input === undefined ? "missing" : `expected text, got ${quote(issue.input)}`) });

const quote = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

const image = () =>
  text().regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/, {
    error: (issue) =>
      `${quote(issue.input)} is not pinned by digest; expected name@sha256:<64 hex digits>, so that a rollback restores exactly what ran`,
  });

const weight = () =>
  integer(0, 100).refine((value) => value <= highestReplicaWeight || value >= 100, {
    error: (issue) =>
      `${quote(issue.input)} cannot be reached with replicas, which weigh up to ${highestReplicaWeight} or 100; expected one of those`,
  });

function settingSchema(setting: Setting): z.ZodType {
  if (setting.type === "integer") return integer(setting.minimum, setting.maximum);
  return setting.type === "boolean" ? boolean() : text();
}

function settingsSchema(plan: Plan) {
  const shape = Object.entries(plan.settings).map(([name, setting]) => {
    const schema = settingSchema(setting);
    return [name, setting.default === undefined ? schema.optional() : schema.default(setting.default as never)] as const;
  });
  return z.strictObject(Object.fromEntries(shape)).prefault({});
}

/** Never quotes what it got. */
const credentialValue = () =>
  z
    .string({ error: "expected text" })
    .min(1, { error: "is empty" })
    .regex(/^(?!(<.*>|changeme|todo|placeholder|xxx+)$)/i, { error: "is a placeholder" });

function credentialsSchema(plan: Plan) {
  const shape = Object.entries(plan.providers.known).map(([name, provider]) => {
    const values = Object.keys(provider.credentials).map((key) => [key, credentialValue()] as const);
    return [name, z.strictObject(Object.fromEntries(values)).optional()] as const;
  });
  return z.strictObject(Object.fromEntries(shape)).prefault({});
}

const change = z.strictObject({
  level: z.string().optional(),
  reason: z.string().optional(),
  severity: z.enum(["low", "medium", "high", "critical"]).optional(),
  incident: z.string().optional(),
  approvedBy: z.array(z.string()).optional(),
});

/** An object lever left empty is the same as one that was never set: Pulumi.yaml gives `{}` as the default. */
const unlessEmpty = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (isObject(value) && Object.keys(value).length === 0 ? undefined : value), schema.optional());

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The levers of a plan: the single source of their names, types, defaults and ranges.
 *
 * Strict: an unknown key is an error, at every depth.
 */
export function leversSchema(plan: Plan) {
  const { fallback, known } = plan.providers;
  const names = Object.keys(known);
  const provider = z.enum(names as [string, ...string[]], {
    error: (issue) => `${quote(issue.input)} is not a provider of this plan; expected ${names.join(" or ")}`,
  });
  const pinned = z.literal(fallback, {
    error: (issue) =>
      `${quote(issue.input)} cannot be pinned: a track may pin only the fallback provider, ${fallback}, so that setting aiProvider moves everything`,
  });
  return z.strictObject({
    /** Which plan this stack follows. */
    system: z.literal(plan.system),
    /** Provider of every track that does not pin its own. */
    aiProvider: provider,
    /** The track that keeps full capacity. */
    stable: z.strictObject({ image: image(), aiProvider: pinned.optional() }, { error: "missing; expected { image }" }),
    /** The track that is being introduced; `weight` is its percentage of traffic. */
    canary: unlessEmpty(z.strictObject({ image: image(), weight: weight().default(0), aiProvider: pinned.optional() })),
    /** A warm standby on the fallback provider, at full capacity, with no traffic until it is needed. */
    fallback: unlessEmpty(z.strictObject({ image: image() })),
    settings: settingsSchema(plan),
    credentials: credentialsSchema(plan),
    /** What the change is for, and who agreed to it. */
    change: unlessEmpty(change),
  });
}

/** The levers of a stack, checked and with defaults filled in. */
export type Levers = z.output<ReturnType<typeof leversSchema>>;
