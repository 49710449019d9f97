import { z } from "zod";
import type { Plan } from "../plan/plan.ts";
import { ofPlan, passwordSecret, storeAddress } from "./store.ts";

/** How the system's cache is reached. */
export function cacheSchema(plan: Plan) {
  const object = z.strictObject({
    url: storeAddress(/^rediss?:$/, "redis://redis:6379/0", "redis://<host>:6379/0"),
    passwordSecret: passwordSecret(),
  });
  return ofPlan(plan, "cache", Object.keys(object.shape)).pipe(object);
}
