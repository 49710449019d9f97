import { z } from "zod";
import { seconds } from "./common.ts";
import { probe } from "./probe.ts";

/** Config path as `pulumi config set --path` takes it. */
const path = z.string();

/** A lever and what it is set to: a value, what another lever holds, or nothing. */
export const lever = z.union([
  z.strictObject({
    path,
    value: z.union([z.string(), z.number(), z.boolean()]),
    /** What a person puts there instead, where it is theirs to choose: `tenant`. The value is then an example, which drills take. */
    chosen: z.string().optional(),
  }),
  z.strictObject({ path, sameAs: path }),
  z.strictObject({ path, remove: z.literal(true) }),
]);

/** One `pulumi up` of a level, and what is pulled before it, in order. */
const step = z.strictObject({
  /** What it is for; only where a level has several. */
  title: z.string().optional(),
  /** What of the level's objective the team allows it. */
  withinSeconds: seconds.optional(),
  levers: z.array(lever).min(1),
});

/** One prepared rollback. */
export const level = z.strictObject({
  /** What the team calls it. */
  title: z.string(),
  /** When it is the right one, as the team wrote it. */
  when: z.array(z.string()).min(1),
  /** Rows of the team's document that this level answers. */
  rows: z.array(z.string()),
  /** What it means for users and for operations. */
  impact: z.array(z.string()).default([]),
  /** Recovery time objective: from pulling the lever to the last answer that was not safe. */
  rtoSeconds: seconds,
  /** For stacks whose traffic goes through a Gateway: it moves single requests, which replicas cannot tell apart. */
  traffic: z.literal("gateway").optional(),
  /** In order; each ends with a `pulumi up`. */
  steps: z.array(step).min(1),
  /** What makes an answer safe once this level is carried out: who gave it, or that it is of the release that the level made. */
  safe: z.strictObject({ provider: z.string().optional(), track: z.string().optional(), release: z.literal("after").optional() }),
  verification: z.array(probe).min(1),
  /** What a drill verifies beside that: what holds where the levers that a person chooses have their examples. */
  rehearsal: z.array(probe).default([]),
  /** What somebody keeps an eye on afterwards. */
  watch: z.array(z.string()).default([]),
  /** Levels to go on to where issues persist, the mildest first. */
  next: z.array(z.string()).default([]),
});
