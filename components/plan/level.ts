import { z } from "zod";
import { seconds } from "./common.ts";
import { probe } from "./probe.ts";

/** Config path as `pulumi config set --path` takes it. */
const path = z.string();

/** A lever and what it is set to: a value, what another lever holds, or nothing. */
const lever = z.union([
  z.strictObject({ path, value: z.union([z.string(), z.number(), z.boolean()]) }),
  z.strictObject({ path, sameAs: path }),
  z.strictObject({ path, remove: z.literal(true) }),
]);

/** One prepared rollback. */
export const level = z.strictObject({
  /** What the team calls it. */
  title: z.string(),
  /** When it is the right one, as the team wrote it. */
  when: z.array(z.string()).min(1),
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
