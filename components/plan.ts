import { z } from "zod";

/**
 * A rollback plan: what a team agreed on before anything went wrong. Plans are code (`stacks/<system>.ts`), reviewed in calm;
 * the levers a plan's levels pull are data (`stacks/Pulumi.<stack>.yaml`), changed in an emergency.
 */

const seconds = z.number().int().positive();
const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected the name of an environment variable");

const track = z.strictObject({
  /** Name of the track's Deployment, as operators know it. */
  deployment: z.string(),
  /** Value of the pods' `version` label. */
  version: z.string(),
});

const service = z.strictObject({
  /** Value of the pods' `app` label and name of the Service. */
  name: z.string(),
  /** Name of the container in the pods. */
  container: z.string(),
  /** Port the container listens on. */
  port: z.number().int().min(1).max(65535),
  /** Answers 200 when, and only when, a pod can take traffic. */
  healthPath: z.string().startsWith("/"),
  /** Pods at full capacity: what stable (or fallback) keeps while another track takes traffic. */
  replicas: z.number().int().positive(),
  /** How long a pod goes on answering after it was told to end, until every client has stopped choosing it. */
  preStopSeconds: seconds.default(3),
  /** How long a pod may take to finish what it has after that. */
  shutdownSeconds: seconds.default(15),
  resources: z.strictObject({
    requests: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.string()),
  }),
  tracks: z.strictObject({ stable: track, canary: track, fallback: track.optional() }),
});

const provider = z.strictObject({
  /** Environment variables by which the app is told to use this provider. */
  env: z.record(environmentName, z.string()),
  /** Credential name (a key under `credentials.<provider>`) → environment variable the app reads it from. */
  credentials: z.record(z.string(), environmentName),
});

const settingBase = { env: environmentName, description: z.string() };
const setting = z.discriminatedUnion("type", [
  z.strictObject({ ...settingBase, type: z.literal("string"), default: z.string().optional() }),
  z.strictObject({ ...settingBase, type: z.literal("boolean"), default: z.boolean().optional() }),
  z.strictObject({
    ...settingBase,
    type: z.literal("integer"),
    default: z.number().int().optional(),
    minimum: z.number().int().optional(),
    maximum: z.number().int().optional(),
  }),
]);

const probe = z.discriminatedUnion("type", [
  /** One GET that must answer this status. */
  z.strictObject({ type: z.literal("http"), title: z.string(), path: z.string(), status: z.number().int() }),
  /** `of` POSTs that must every one be answered by this provider. */
  z.strictObject({
    type: z.literal("provider"),
    title: z.string(),
    path: z.string(),
    body: z.record(z.string(), z.unknown()),
    provider: z.string(),
    of: z.number().int().positive(),
  }),
  /** A line that the logs of the pods matched by `selector` must contain. */
  z.strictObject({ type: z.literal("log"), title: z.string(), selector: z.string(), contains: z.string() }),
  /** Number of pods, ready ones where there are any, matched by `selector`. */
  z.strictObject({ type: z.literal("pods"), title: z.string(), selector: z.string(), count: z.number().int().min(0) }),
]);

const lever = z.strictObject({
  /** Config path as `pulumi config set --path` takes it. */
  path: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
});

const level = z.strictObject({
  /** What the team calls it. */
  title: z.string(),
  /** Rows of the team's document that this level answers. */
  rows: z.array(z.string()),
  /** Recovery time objective: from pulling the lever to the last answer that was not safe. */
  rtoSeconds: seconds,
  /** What is pulled, in order. */
  levers: z.array(lever).min(1),
  /** What makes an answer safe once this level is carried out. */
  safe: z.strictObject({ provider: z.string().optional(), track: z.string().optional() }),
  verification: z.array(probe).min(1),
});

const planSchema = z.strictObject({
  system: z.string(),
  title: z.string(),
  service,
  providers: z.strictObject({
    /** The known-good provider: every level can return to it, and a track may pin only this one. */
    fallback: z.string(),
    /** The provider that is being introduced. */
    candidate: z.string(),
    known: z.record(z.string(), provider),
  }),
  settings: z.record(z.string(), setting).default({}),
  levels: z.record(z.string(), level),
});

/** A plan as {@link definePlan} returns it: checked and with its defaults filled in. */
export type Plan = z.output<typeof planSchema>;
/** What a team writes. */
export type PlanInput = z.input<typeof planSchema>;
export type Level = Plan["levels"][string];
export type Probe = Level["verification"][number];
export type Setting = Plan["settings"][string];
export type TrackName = "stable" | "canary" | "fallback";

/** A plan that contradicts itself; the message lists every problem with its path. */
export class PlanError extends Error {
  override name = "PlanError";
}

function contradictions(plan: Plan): string[] {
  const problems: string[] = [];
  const known = Object.keys(plan.providers.known);
  const mustBeKnown = (path: string, name: string | undefined): void => {
    if (name !== undefined && !known.includes(name)) {
      problems.push(`${path}: "${name}" is not one of this plan's providers (${known.join(", ")})`);
    }
  };
  mustBeKnown("providers.fallback", plan.providers.fallback);
  mustBeKnown("providers.candidate", plan.providers.candidate);
  for (const [name, level] of Object.entries(plan.levels)) {
    mustBeKnown(`levels.${name}.safe.provider`, level.safe.provider);
    for (const [index, { path, value }] of level.levers.entries()) {
      if (path === "aiProvider") mustBeKnown(`levels.${name}.levers[${index}]`, String(value));
    }
  }
  return problems;
}

/**
 * Checks a plan and fills in its defaults.
 *
 * @throws {PlanError} listing every field that is wrong and every contradiction, each with its path.
 */
export function definePlan(input: PlanInput): Plan {
  const parsed = planSchema.safeParse(input);
  const problems = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  if (!parsed.success || problems.length > 0) {
    throw new PlanError(`The plan of ${input.system} cannot be used:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  }
  return parsed.data;
}
