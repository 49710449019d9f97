import { z } from "zod";
import { nearest, some } from "./nearest.ts";
import { quote } from "./scalars.ts";

/** Most entries of a list in a stack file, and characters of one: together they fit into one environment variable (128 KiB on Linux). */
export const longestList = 1000;
const longestEntry = 128;

export interface ListArgs {
  /** Config path of the list. */
  path: string;
  /** What one entry is, for messages: `user`, `model`, … */
  noun: string;
  /** Every entry there can be; anything goes where nothing is given. */
  known: readonly string[] | undefined;
  /** What else is wrong with an entry. */
  mistake?: (text: string) => Mistake | undefined;
  /** What to do instead with more entries than `most`, which is {@link longestList} in a stack file. */
  tooLong: { most?: number; holder?: string; advice: string; command: string };
}

/** A mistake in a list. */
export interface Mistake {
  message: string;
  /** What should stand there instead; nothing when the entry has to go. */
  instead?: string;
}

function mistakeIn(entry: unknown, index: number, entries: readonly unknown[], { noun, known, mistake }: ListArgs): Mistake | undefined {
  if (typeof entry === "number" && !Number.isSafeInteger(entry))
    return { message: `${entry} is not exact; expected text`, instead: "<id>" };
  if (typeof entry !== "string" && typeof entry !== "number")
    return { message: `expected a ${noun}, got ${quote(entry)}`, instead: "<id>" };
  const text = String(entry);
  if (text.trim() === "") return { message: "is blank" };
  if (text.trim() !== text || text.includes(",")) {
    return { message: `${quote(entry)} has a comma or a space around it; expected one ${noun} an entry`, instead: "<id>" };
  }
  if (text.length > longestEntry) return { message: `has ${text.length} characters; expected up to ${longestEntry}` };
  const first = entries.findIndex((other) => String(other) === text);
  if (first < index) return { message: `${quote(text)} is there twice, the first time as entry ${first}` };
  if (known && !known.includes(text)) {
    const near = nearest(text, known);
    const hint = near ? ` Did you mean ${near}?` : "";
    return { message: `${quote(text)} is not one of this plan's ${noun}s.${hint} Known: ${some(known)}.`, ...(near && { instead: near }) };
  }
  return mistake?.(text);
}

const shellWord = (text: string): string => (/^[\w@%+=:,./<>-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** The command that makes these the list's entries. */
export function setList(path: string, entries: readonly unknown[]): string {
  if (entries.length === 0) return `pulumi config rm --path ${path}`;
  return `pulumi config set --path --type string ${path} ${shellWord(entries.join(","))}`;
}

function setEntry(path: string, index: number, entry: string | undefined): string {
  const at = `'${path}[${index}]'`;
  return entry ? `pulumi config set --path --type string ${at} ${shellWord(entry)}` : `pulumi config rm --path ${at}`;
}

const entriesOf = (raw: unknown): unknown[] | undefined => {
  if (Array.isArray(raw)) return raw;
  if (typeof raw === "string") return raw.split(",").map((entry) => entry.trim());
  return typeof raw === "number" ? [raw] : undefined;
};

/**
 * A list of names: a YAML list, or one text with commas, which is what `pulumi config set --path <path> a,b` writes. Every blank,
 * duplicate and unknown entry is a problem of its own.
 */
export const list = (args: ListArgs) =>
  z.unknown().transform((raw, context): string[] => {
    const refuse = (at: PropertyKey[], message: string, command: string): void =>
      context.addIssue({ code: "custom", path: at, message, params: { command } });
    const entries = entriesOf(raw);
    if (!entries) {
      refuse([], `expected a list of ${args.noun}s, got ${quote(raw)}`, `pulumi config set --path ${args.path} <id>,<id>`);
      return [];
    }
    const { most = longestList, holder = "a stack file", advice, command } = args.tooLong;
    if (entries.length > most) {
      refuse([], `${entries.length} ${args.noun}s; ${holder} holds up to ${most}. ${advice}`, command);
      return [];
    }
    const mistakes = entries.map((entry, index) => mistakeIn(entry, index, entries, args));
    const mended = entries.flatMap((entry, index) => (mistakes[index] ? (mistakes[index].instead ?? []) : [entry]));
    // The last one first: a command that removes an entry then leaves the numbers of those before it as they are.
    for (const [index, mistake] of [...mistakes.entries()].reverse()) {
      if (!mistake) continue;
      const command = Array.isArray(raw) ? setEntry(args.path, index, mistake.instead) : setList(args.path, mended);
      refuse([index], mistake.message, command);
    }
    return entries.map(String);
  });
