import { z } from "zod";
import type { Plan } from "../plan/plan.ts";
import { boolean, quote } from "./scalars.ts";

/** The lever `features`: whether each of the plan's features is there at all. */
export function featuresSchema({ features }: Plan) {
  const shape = Object.entries(features).map(([name, feature]) => [name, boolean().default(feature.default)] as const);
  return z
    .strictObject(Object.fromEntries(shape), { error: (issue) => `expected { <feature>: true or false }, got ${quote(issue.input)}` })
    .prefault({});
}
