import { z } from "zod";
import { environmentName } from "./common.ts";

/** By what a flag tells requests apart, in the order in which its rules look at them. */
export const audiences = ["users", "tenants", "segments", "endpoints", "models"] as const;
export type Audience = (typeof audiences)[number];

const perAudience = <T extends z.ZodType>(schema: T) =>
  z
    .strictObject(Object.fromEntries(audiences.map((audience) => [audience, schema.optional()])) as Record<Audience, z.ZodOptional<T>>)
    .prefault({});

/**
 * The environment variables from which an app reads a flag. What has no variable, the app cannot do, and a stack that asks for
 * it is refused. Lists are separated by commas; an empty one restricts nothing.
 */
const variables = z.strictObject({
  /** `true` or `false`. */
  enabled: environmentName,
  /** 0 to 100: the share of users it is on for; always the same users, and a request without a user gets the safe answer. */
  percentage: environmentName.optional(),
  /** It is on for these alone. */
  only: perAudience(environmentName),
  /** It is off for these. */
  except: perAudience(environmentName),
});

/** A switch in the app: on or off, for everyone or for some. */
const flag = z.strictObject({
  description: z.string(),
  /** Rows of the team's document that this flag answers. */
  rows: z.array(z.string()).default([]),
  /** The answer when it cannot be told for whom the app asks. Off, unless the flag is a safeguard. */
  safe: z.enum(["off", "on"]).default("off"),
  /** What a stack that says nothing of it gets. New flags start off. */
  default: z.boolean().default(false),
  /** How the app reads it; left out for one that it reads from the plan's flagd file. */
  env: variables.optional(),
});

/** Several flags under one name, so that one lever narrows them all ("disable all enhancements", row B1). */
const group = z.strictObject({
  description: z.string(),
  rows: z.array(z.string()).default([]),
  members: z.array(z.string()).min(1),
});

/** The flags of a system, and for whom they can be switched. */
export const flags = z
  .strictObject({
    known: z.record(z.string(), flag).default({}),
    groups: z.record(z.string(), group).default({}),
    /** Who there is, for each kind that a team can list; a stack that names anyone else is refused. What is left out is not checked. */
    audience: perAudience(z.array(z.string()).min(1)),
    /** The file in which the app finds the flagd definitions; left out for apps that read none. */
    file: z
      .string()
      .regex(/^(\/[\w.-]+)+$/, "expected an absolute path, like /etc/flagd/flags.json")
      .optional(),
  })
  .superRefine(({ known, groups, file }, context) => {
    const refuse = (path: PropertyKey[], message: string): void => context.addIssue({ code: "custom", path, message });
    for (const [name, { env }] of Object.entries(known)) {
      if (!env && !file) refuse(["known", name], "the app has no way to read it: neither env nor the plan's flags.file is set");
    }
    for (const [name, { members }] of Object.entries(groups)) {
      if (known[name]) refuse(["groups", name], "is the name of a flag too");
      for (const [index, member] of members.entries()) {
        const path = ["groups", name, "members", index];
        if (!known[member]) refuse(path, `"${member}" is not one of this plan's flags (${Object.keys(known).join(", ")})`);
        else if (known[member].safe === "on") refuse(path, `${member} is safe when on, and a group only ever switches its members off`);
      }
    }
  })
  .prefault({});
