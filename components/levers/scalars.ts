import { z } from "zod";

/** `pulumi config set` types top-level values as strings and `--path` types numbers and booleans: both must do. */
export const integer = (minimum: number | undefined, maximum: number | undefined) => {
  const range = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : "";
  const error = (issue: { input?: unknown }): string => `expected a whole number${range}, got ${quote(issue.input)}`;
  let schema = z.number({ error }).int({ error });
  if (minimum !== undefined) schema = schema.min(minimum, { error });
  if (maximum !== undefined) schema = schema.max(maximum, { error });
  return z.preprocess((value) => (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value), schema);
};

/** A YAML list, one text with commas, or a single number: what `pulumi config set --path` makes of `1000`. */
export const integers = (minimum: number | undefined, maximum: number | undefined) => {
  const one = integer(minimum, maximum);
  const range = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : "";
  return z.unknown().transform((raw, context): number[] => {
    const entries = Array.isArray(raw) ? raw : typeof raw === "string" ? raw.split(",").map((entry) => entry.trim()) : [raw];
    const parsed = entries.map((entry) => one.safeParse(entry));
    if (entries.length > 0 && parsed.every(({ success }) => success)) return parsed.map(({ data }) => data as number);
    context.addIssue({ code: "custom", message: `expected whole numbers${range} with commas between them, got ${quote(raw)}` });
    return z.NEVER;
  });
};

export const boolean = () =>
  z.preprocess(
    (value) => (value === "true" ? true : value === "false" ? false : value),
    z.boolean({ error: (issue) => `expected true or false, got ${quote(issue.input)}` }),
  );

export const text = () =>
  z.string({ error: (issue) => (issue.input === undefined ? "missing" : `expected text, got ${quote(issue.input)}`) });

export const quote = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

export const image = () =>
  text().regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/, {
    error: (issue) =>
      `${quote(issue.input)} is not pinned by digest; expected name@sha256:<64 hex digits>, so that a rollback restores exactly what ran`,
  });

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
