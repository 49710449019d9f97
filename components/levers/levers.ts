import { z } from "zod";
import type { Plan, Setting } from "../plan/plan.ts";
import { alerts } from "./alerts.ts";
import { cacheSchema } from "./cache.ts";
import { credentialsSchema } from "./credentials.ts";
import { databaseSchema } from "./database.ts";
import { featuresSchema } from "./features.ts";
import { flagsSchema } from "./flags.ts";
import { gcp } from "./gcp.ts";
import { maintenance } from "./maintenance.ts";
import { pinsSchema } from "./pins.ts";
import { boolean, image, integer, integers, isObject, quote, text } from "./scalars.ts";
import { change, environment, exemptions, freezes } from "./stated.ts";
import { traffic } from "./traffic.ts";
import { verification } from "./verification.ts";

function settingSchema(setting: Setting): z.ZodType {
  if (setting.type === "integer") return integer(setting.minimum, setting.maximum);
  if (setting.type === "integers") return integers(setting.minimum, setting.maximum);
  return setting.type === "boolean" ? boolean() : text();
}

function settingsSchema(plan: Plan) {
  const shape = Object.entries(plan.settings).map(([name, setting]) => {
    const schema = settingSchema(setting);
    return [name, setting.default === undefined ? schema.optional() : schema.default(setting.default as never)] as const;
  });
  return z.strictObject(Object.fromEntries(shape)).prefault({});
}

/** An object lever left empty is the same as one that was never set: Pulumi.yaml gives `{}` as the default. */
const unlessEmpty = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (isObject(value) && Object.keys(value).length === 0 ? undefined : value), schema.optional());

const schemas = new WeakMap<Plan, ReturnType<typeof makeSchema>>();

/**
 * The levers of a plan: the single source of their names, types, defaults and ranges.
 *
 * Strict: an unknown key is an error, at every depth.
 */
export function leversSchema(plan: Plan) {
  // Making it takes milliseconds, and every level of the plan is tried on it.
  const schema = schemas.get(plan) ?? makeSchema(plan);
  schemas.set(plan, schema);
  return schema;
}

function makeSchema(plan: Plan) {
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
    canary: unlessEmpty(z.strictObject({ image: image(), weight: integer(0, 100).default(0), aiProvider: pinned.optional() })),
    /** A warm standby on the fallback provider, at full capacity, with no traffic until it is needed. */
    fallback: unlessEmpty(z.strictObject({ image: image() })),
    /** The release before, for levels that return to it. */
    previous: unlessEmpty(z.strictObject({ image: image() })),
    /** What weighs the tracks. */
    traffic,
    /** Whose requests stable alone answers. */
    pins: pinsSchema(plan),
    /** For whom each of the plan's flags is on. */
    flags: flagsSchema(plan),
    /** Which of the plan's features are there at all. */
    features: featuresSchema(plan),
    settings: settingsSchema(plan),
    /** Which revision the database has, and how it is reached; the plan's own business without it. */
    database: unlessEmpty(databaseSchema(plan)),
    /** How the cache is reached; the plan's own business without it. */
    cache: unlessEmpty(cacheSchema(plan)),
    maintenance: maintenance(),
    credentials: credentialsSchema(plan),
    alerts,
    /** By what an update is verified; not at all without it. */
    verification: unlessEmpty(verification),
    /** The Google Cloud around a stack on GKE. */
    gcp: unlessEmpty(gcp),
    /** What the change is for, and who agreed to it. */
    change: unlessEmpty(change(plan)),
    /** How much is at stake: production asks for the most. */
    environment,
    /** When nothing new is rolled out. */
    freezes,
    /** Which rules are not asked for, for a time. */
    exemptions,
  });
}

/** The levers of a stack, checked and with defaults filled in. */
export type Levers = z.output<ReturnType<typeof leversSchema>>;
