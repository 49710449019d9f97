import { didYouMean } from "./nearest.ts";
import { OperatorError } from "./operatorError.ts";

export type FieldValues = Readonly<Record<string, string>>;

/**
 * What was typed as `field=value`, for `owner`: "message start".
 * @throws {OperatorError} that names everything that is none of the fields.
 */
export function fieldValues(owner: string, known: readonly string[], typed: readonly string[], untouched: string): FieldValues {
  const pairs = typed.map((each) => /^([^=]+)=(.+)$/s.exec(each)?.slice(1) ?? [each]);
  const wrong = pairs.flatMap(([field = "", value]) => {
    if (!known.includes(field)) return [`${field} is no field of ${owner}.${didYouMean(field, known)}`];
    return value === undefined ? [`${field} has no value; expected ${field}=<value>`] : [];
  });
  if (wrong.length === 0) return Object.fromEntries(pairs);
  throw new OperatorError(`${wrong.join("\n")}\nIts fields: ${known.join(", ") || "none"}. ${untouched}`, "usage");
}
