import { z } from "zod";
import type { Plan } from "../plan/plan.ts";
import { explain, type Problem, setCommand } from "./errors.ts";
import { isObject } from "./scalars.ts";

/** Never quotes what it got. */
const credentialValue = () =>
  z
    .string({ error: "expected text" })
    .min(1, { error: "is empty" })
    .regex(/^(?!(<.*>|changeme|todo|placeholder|xxx+)$)/i, { error: "is a placeholder" });

/** The lever `credentials`, by provider. */
export function credentialsSchema(plan: Plan) {
  const shape = Object.entries(plan.providers.known).map(([name, provider]) => {
    const values = Object.keys(provider.credentials).map((key) => [key, credentialValue()] as const);
    return [name, z.strictObject(Object.fromEntries(values)).optional()] as const;
  });
  return z.strictObject(Object.fromEntries(shape)).prefault({});
}

/** A provider that takes or may have to take traffic, without the credentials it needs. */
export function missingCredentials(raw: Record<string, unknown>, plan: Plan): Problem[] {
  const credentials = isObject(raw.credentials) ? raw.credentials : {};
  const { fallback, known } = plan.providers;
  const needed = [...new Set([fallback, String(raw.aiProvider)])].filter((name) => known[name] && credentials[name] === undefined);
  return needed.flatMap((name) =>
    Object.keys(known[name]?.credentials ?? {}).map((key) => {
      const path = `credentials.${name}.${key}`;
      const why =
        name === fallback ? "missing: every level must be able to return to the fallback provider" : "missing: aiProvider needs it";
      return { path, message: why, command: `${setCommand(path, "").trimEnd()} (it asks for the value)` };
    }),
  );
}

/** What is wrong with the credentials of these providers, whatever program made the levers. */
export function credentialProblems(plan: Plan, levers: Record<string, unknown>, providers: readonly string[]): Problem[] {
  const schema = z.strictObject({ credentials: credentialsSchema(plan) });
  const { error } = schema.safeParse({ credentials: levers.credentials });
  const malformed = explain(error?.issues ?? [], schema, plan);
  return [...missingCredentials(levers, plan), ...malformed].filter(({ path }) => providers.includes(path.split(".")[1] ?? ""));
}
