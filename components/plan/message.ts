import { z } from "zod";
import { minutes } from "./common.ts";

/** What is known of a rollback that a text is about; a person says the rest. */
const known = z.enum([
  /** The level's title. */
  "level",
  /** How long the level may take. */
  "rto",
  /** When the level must have ended. */
  "eta",
  "reason",
  "incident",
  "requestedBy",
  /** How the level was carried out, numbered. */
  "commands",
  /** `In Progress`, `Completed`, or `Not completed`. */
  "state",
  /** The level, how it ended and when. */
  "outcome",
  "startedAt",
  "endedAt",
  "verifiedAt",
]);

/** Names of {@link known}. */
export type Known = z.output<typeof known>;

/** What to put into a field, and what of the rollback does it by itself. */
export interface Field {
  what: string;
  from?: Known | undefined;
}

const field = z
  .union([z.string(), z.strictObject({ what: z.string(), from: known.optional() })])
  .transform((said): Field => (typeof said === "string" ? { what: said } : said));

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
  /** Name → what to put there, and where that is known: `from`. */
  fields: z.record(z.string(), field).default({}),
});

const asked = /\{(\w+)\}/g;

/** The fields that a subject or text asks for. */
export function fieldsIn(text: string): string[] {
  return [...text.matchAll(asked)].map(([, name]) => name as string);
}

/** A subject or text with its fields filled in; those without a value stay as they are. */
export function withFields(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(asked, (place, name: string) => values[name] ?? place);
}
