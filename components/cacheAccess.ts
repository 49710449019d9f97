import type { Levers } from "./levers/levers.ts";
import type { Plan } from "./plan/plan.ts";
import { passwordPath, type StoreAccess } from "./storeAccess.ts";

/** What the app is told by the plan's own variables; nothing where the stack has no cache. */
export function cacheAccess({ cache: plan }: Plan, { cache }: Levers): StoreAccess | undefined {
  if (!plan || !cache) return undefined;
  const { url, passwordSecret } = cache;
  return { env: { [plan.env.url]: url, [plan.env.passwordFile]: passwordPath("cache", passwordSecret) }, passwordSecret };
}
