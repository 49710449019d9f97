import { z } from "zod";
import type { Plan } from "../plan/plan.ts";
import { isObject, quote } from "./scalars.ts";
import { passwordSecret, storeAddress } from "./store.ts";

/** How the system's cache is reached. */
export function cacheSchema(plan: Plan) {
  const object = z.strictObject({
    url: storeAddress(/^rediss?:$/, "redis://redis:6379/0", "redis://<host>:6379/0"),
    passwordSecret: passwordSecret(),
  });
  const usable = z.unknown().superRefine((raw, context) => {
    const message = plan.cache
      ? `expected { ${Object.keys(object.shape).join(", ")} }, got ${quote(raw)}`
      : `the plan of ${plan.system} has no cache; add cache: { … } to stacks/${plan.system}.ts first`;
    if (!plan.cache || !isObject(raw)) context.addIssue({ code: "custom", message, params: { remove: true } });
  });
  return usable.pipe(object);
}
