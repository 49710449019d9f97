import { closest, distance } from "fastest-levenshtein";

/** ` Did you mean traffic?` where one of the known names is near what was typed, else nothing. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const nearest = known.length > 0 ? closest(typed, known) : undefined;
  return nearest !== undefined && distance(typed, nearest) <= Math.max(2, typed.length / 2) ? ` Did you mean ${nearest}?` : "";
}
