import { isObject } from "../levers/scalars.ts";

/** Every path below which two sets of levers differ, down to what is no map. */
export function changedPaths(before: unknown, now: unknown, path = ""): string[] {
  if (same(before, now)) return [];
  if (!isObject(before) && !isObject(now)) return [path];
  const keys = [...new Set([...Object.keys(Object(before)), ...Object.keys(Object(now))])];
  return keys.flatMap((key) => changedPaths(Object(before)[key], Object(now)[key], path ? `${path}.${key}` : key));
}

/** As a stack's outputs would have them: keys in any order, nothing that is not set. */
export const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

const canonical = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, inner) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1))) : inner,
  );
