/** Values of levers that say something: each tells what is wrong with it, and the value that mends it (`params.value`). */

import { z } from "zod";
import { nearest } from "./nearest.ts";
import { isObject, quote } from "./scalars.ts";

type Refuse = (message: string, value: string) => never;

/** A value that `read` turns into what it means, or refuses with what should stand there. Nothing is there: `missing`. */
export const said = <T>(expected: string, example: string, read: (raw: unknown, refuse: Refuse) => T) =>
  z.unknown().transform((raw, context): T => {
    const refuse: Refuse = (message, value) => {
      context.addIssue({ code: "custom", message, params: { value } });
      return z.NEVER;
    };
    return raw === undefined ? refuse(`missing; expected ${expected}`, example) : read(raw, refuse);
  });

/** What a person wrote. `pulumi config set --path` makes a number of `4711`, which is as good. */
export const words = (expected: string, example: string) =>
  said(expected, example, (raw, refuse) => {
    if (typeof raw !== "string" && typeof raw !== "number") return refuse(`expected ${expected}, got ${quote(raw)}`, example);
    return String(raw).trim() === "" ? refuse(`is blank; expected ${expected}`, example) : String(raw);
  });

/** One of these names; a misspelled one is told with the nearest. */
export const oneOf = <Name extends string>(noun: string, names: readonly Name[]) =>
  said(`a ${noun}`, `<${noun}>`, (raw, refuse): Name => {
    const known = names.find((name) => name === raw);
    if (known !== undefined) return known;
    const near = typeof raw === "string" ? nearest(raw, names) : undefined;
    return refuse(
      `${quote(raw)} is no ${noun}.${near ? ` Did you mean ${near}?` : ""} There are ${names.join(", ") || "none"}.`,
      near ?? `<${noun}>`,
    );
  });

const aTime = "a time with its zone, like 2026-11-21T18:00:00Z";
const withZone = z.iso.datetime({ offset: true });
const withoutZone = z.iso.datetime({ local: true });
/** What Pulumi makes of a time that stands in a YAML file without quotes: one without a zone is read as UTC. */
const unquoted = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d\d)(\d\d) \S+$/;

/** A moment, with its zone: a stack file is read on machines in several. */
export const moment = () =>
  said(aTime, "<time>", (raw, refuse) => {
    if (withZone.safeParse(raw).success) return raw as string;
    const [, day, time, hours, minutes] = unquoted.exec(String(raw)) ?? [];
    if (day !== undefined) {
      const zone = hours === "+00" && minutes === "00" ? "Z" : `${hours}:${minutes}`;
      return refuse(
        `${quote(raw)} is what YAML makes of a time without quotes, whether or not it had a zone; quote it`,
        `${day}T${time}${zone}`,
      );
    }
    if (withoutZone.safeParse(raw).success) return refuse(`${quote(raw)} has no zone; expected ${aTime}`, `${raw}<zone, like Z or +01:00>`);
    return refuse(`expected ${aTime}, got ${quote(raw)}`, "<time>");
  });

/** A list or an object, in whose place anything else has to go. */
const shaped = <Schema extends z.ZodType>(schema: Schema, fits: (raw: unknown) => boolean, expected: string) =>
  z
    .unknown()
    .superRefine((raw, context) => {
      if (fits(raw)) return;
      context.addIssue({ code: "custom", message: `expected ${expected}, got ${quote(raw)}`, params: { remove: true } });
    })
    .pipe(schema);

export const fields = <Shape extends z.ZodRawShape>(shape: Shape) =>
  shaped(z.strictObject(shape), isObject, `{ ${Object.keys(shape).join(", ")} }`);

export const listOf = <Entry extends z.ZodType>(entry: Entry, what: string) => shaped(z.array(entry), Array.isArray, `a list of ${what}`);
