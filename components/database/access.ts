import type { Levers } from "../levers/levers.ts";
import type { Plan } from "../plan/plan.ts";
import { passwordPath, type StoreAccess } from "../storeAccess.ts";

/** What the app is told by the plan's own variables; nothing where the stack has no database. */
export function databaseAccess({ database: plan }: Plan, { database }: Levers): StoreAccess | undefined {
  if (!plan || !database) return undefined;
  const { url, passwordSecret } = database;
  const env = { ...plan.settings, [plan.env.url]: url, [plan.env.passwordFile]: passwordPath("database", passwordSecret) };
  return { env, passwordSecret };
}
