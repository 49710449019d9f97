import { z } from "zod";
import type { Plan } from "../plan/plan.ts";
import { leversSchema } from "./levers.ts";

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
  for (const key of path) current = current instanceof z.ZodObject ? unwrap(current.shape[String(key)]) : undefined;
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

/** Why a plan's level cannot pull this lever; undefined where it can. */
export function leverPathProblem(plan: Plan, { path, value }: { path: string; value: unknown }): string | undefined {
  let current: z.ZodType | undefined = leversSchema(plan);
  for (const [depth, key] of path.split(".").entries()) {
    const known: string[] = current instanceof z.ZodObject ? Object.keys(current.shape) : [];
    if (!known.includes(key)) {
      const above = path.split(".").slice(0, depth).join(".");
      return `"${path}" is no lever of this plan; ${above ? `under ${above}` : "there"} are ${known.join(", ") || "none"}`;
    }
    const next: unknown = (current as z.ZodObject).shape[key];
    if (depth === path.split(".").length - 1) {
      const parsed = (next as z.ZodType).safeParse(value);
      return parsed.success ? undefined : `${path}: ${parsed.error.issues[0]?.message}`;
    }
    current = unwrap(next);
  }
  return undefined;
}
