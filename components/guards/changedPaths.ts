import { isObject } from "../levers/scalars.ts";

/** Every path below which two sets of levers differ, down to what is no map. */
export function changedPaths(before: unknown, now: unknown, path = ""): string[] {
  if (same(before, now)) return [];
  const [left, right] = [before ?? {}, now ?? {}];
  if ((!isObject(before) && !isObject(now)) || !isObject(left) || !isObject(right)) return [path];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return keys.flatMap((key) => changedPaths(left[key], right[key], path ? `${path}.${key}` : key));
}

/** As a stack's outputs would have them: keys in any order, nothing that is not set. */
export const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

const canonical = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, inner) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1))) : inner,
  );
