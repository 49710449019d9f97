/** A stack's levers, and how one set of them becomes another. */

import { checkLevers } from "../../components/levers/check.ts";
import type { Lever, LeverValue } from "../../components/levers/commands.ts";
import type { Problem } from "../../components/levers/errors.ts";
import { LeverError } from "../../components/levers/errors.ts";
import type { Levers } from "../../components/levers/levers.ts";
import { isObject } from "../../components/levers/scalars.ts";
import type { Plan } from "../../components/plan/plan.ts";
import type { Edit } from "./stackDocument.ts";

export type RawLevers = Record<string, unknown>;

/** Levers as the plan's schema reads them, or every reason why it does not. */
export function judged(plan: Plan, raw: RawLevers, stack: string): { levers: Levers } | { problems: readonly Problem[] } {
  try {
    return { levers: checkLevers(plan, raw, stack) };
  } catch (error) {
    if (error instanceof LeverError) return { problems: error.problems };
    throw error;
  }
}

/** A place where two sets of levers differ; a list counts as one value. */
export interface Difference {
  path: string[];
  from: unknown;
  to: unknown;
}

/** Where `to` differs from `from`. What one of the two does not have at all is one difference, not one for each of its parts. */
export function differences(from: unknown, to: unknown, path: string[] = []): Difference[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  if (!isObject(from) || !isObject(to)) return [{ path, from, to }];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return keys.flatMap((key) => differences(from[key], to[key], [...path, key]));
}

export const editsOf = (found: readonly Difference[]): Edit[] => found.map(({ path, to }) => ({ path, value: to }));

/** The same as what a person types: a map or a list is set part by part, after what stood there has gone. */
export function leversOf(found: readonly Difference[]): Lever[] {
  return found.flatMap(({ path, from, to }) => {
    const at = path.join(".");
    const parts = leaves(at, to);
    const replaces = from !== undefined && to !== undefined && typeof to === "object";
    return replaces ? [{ path: at, value: undefined }, ...parts] : parts;
  });
}

function leaves(path: string, value: unknown): Lever[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => leaves(`${path}[${index}]`, entry));
  if (isObject(value)) return Object.entries(value).flatMap(([key, inner]) => leaves(`${path}.${key}`, inner));
  return [{ path, value: value as LeverValue | undefined }];
}

/** Levers with the value at a path replaced; undefined takes it away. */
export function withLever(raw: RawLevers, [key = "", ...rest]: readonly string[], value: unknown): RawLevers {
  const { [key]: held, ...others } = raw;
  const inner = rest.length === 0 ? value : withLever(isObject(held) ? held : {}, rest, value);
  return inner === undefined ? others : { ...others, [key]: inner };
}
