import { closest, distance } from "fastest-levenshtein";

/** The name that was probably meant; nothing where none is near. */
export function nearest(value: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = closest(value, [...known]);
  return distance(value, near) <= value.length / 2 ? near : undefined;
}

/** Names for a message: the first ten, and how many more there are. */
export const some = (names: readonly string[]): string =>
  names.length <= 10 ? names.join(", ") : `${names.slice(0, 10).join(", ")} and ${names.length - 10} more`;
