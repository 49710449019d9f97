import type { Levers } from "./levers/levers.ts";
import type { Plan } from "./plan/plan.ts";
import { type PasswordSecret, passwordPath } from "./storePassword.ts";

/** How a pod finds the cache: variables, and the Secret with the password, which is in a file and in no variable. */
export interface CacheAccess {
  env: Record<string, string>;
  passwordSecret: PasswordSecret;
}

/** What the app is told by the plan's own variables; nothing where the stack has no cache. */
export function cacheAccess({ cache: plan }: Plan, { cache }: Levers): CacheAccess | undefined {
  if (!plan || !cache) return undefined;
  const { url, passwordSecret } = cache;
  return { env: { [plan.env.url]: url, [plan.env.passwordFile]: passwordPath("cache", passwordSecret) }, passwordSecret };
}
