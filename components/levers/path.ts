import { z } from "zod";
import type { PlanLever } from "../plan/plan.ts";

/** What lies inside optional, defaulted and preprocessed schemas. */
export function unwrap(schema: unknown): z.ZodType | undefined {
  let current = schema;
  for (;;) {
    if (current instanceof z.ZodOptional || current instanceof z.ZodDefault || current instanceof z.ZodPrefault) current = current.unwrap();
    else if (current instanceof z.ZodPipe) current = current.out;
    else return current as z.ZodType | undefined;
  }
}

/** The keys that may stand at a path of an object schema; none where it is no object. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current = unwrap(schema);
  for (const key of path) {
    if (current instanceof z.ZodArray) current = unwrap(current.element);
    else current = current instanceof z.ZodObject ? unwrap(current.shape[String(key)]) : undefined;
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

/** Why a level cannot pull this lever of a plan, whose levers have this schema; undefined where it can. */
export function leverProblem(levers: z.ZodType, lever: PlanLever): string | undefined {
  const found = leverAt(levers, lever.path);
  if (typeof found === "string") return found;
  if ("sameAs" in lever) {
    const source = leverAt(levers, lever.sameAs);
    return typeof source === "string" ? source : undefined;
  }
  const parsed = found.safeParse("value" in lever ? lever.value : undefined);
  return parsed.success ? undefined : `${lever.path}: ${parsed.error.issues[0]?.message}`;
}

/** The schema of the lever at a path, or why there is none. */
export function leverAt(levers: z.ZodType, path: string): z.ZodType | string {
  let current: z.ZodType | undefined = levers;
  let schema = levers;
  for (const [depth, key] of path.split(".").entries()) {
    const known: string[] = current instanceof z.ZodObject ? Object.keys(current.shape) : [];
    if (!known.includes(key)) {
      const above = path.split(".").slice(0, depth).join(".");
      return `"${path}" is no lever of this plan; ${above ? `under ${above}` : "there"} are ${known.join(", ") || "none"}`;
    }
    schema = (current as z.ZodObject).shape[key] as z.ZodType;
    current = unwrap(schema);
  }
  return schema;
}
