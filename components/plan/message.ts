import { z } from "zod";
import { minutes } from "./common.ts";

/** A text that is sent during or after a rollback. */
export const message = z.strictObject({
  title: z.string(),
  /** Who reads it. */
  to: z.string(),
  channel: z.string().optional(),
  /** Minutes after the rollback began by which it must be out. */
  withinMinutes: minutes.optional(),
  /** Sent again this often until it is over, in minutes. */
  everyMinutes: minutes.optional(),
  subject: z.string().optional(),
  /** With `{field}` for each of `fields`. */
  text: z.string(),
  /** Name → what to put there. */
  fields: z.record(z.string(), z.string()).default({}),
});

/** The fields that a subject or text asks for. */
export function fieldsIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
}
