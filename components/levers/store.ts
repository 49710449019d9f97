import { z } from "zod";
import type { Plan } from "../plan/plan.ts";
import { said } from "./said.ts";
import { isObject, quote } from "./scalars.ts";

/** Names of Kubernetes objects. */
export const objectName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** A string of a form; refused with what was expected. */
export const matching = (expected: string, example: string, pattern: RegExp) =>
  said(expected, example, (raw, refuse) => {
    if (typeof raw === "string" && pattern.test(raw)) return raw;
    return refuse(`expected ${expected}, got ${quote(raw)}`, example);
  });

/** Where a store is: an address of these schemes with a path, without a password. Where it has one, it is not quoted. */
export const storeAddress = (schemes: RegExp, like: string, example: string) => {
  const anAddress = `an address without a password, like ${like}`;
  return said(anAddress, example, (raw, refuse): string => {
    const url = typeof raw === "string" ? URL.parse(raw) : null;
    if (url?.password || url?.searchParams.has("password")) {
      return refuse(
        "has a password, which everyone can read in the stack's file; replace it, and put the new one into the Secret that passwordSecret names",
        example,
      );
    }
    if (url && schemes.test(url.protocol) && url.hostname !== "" && url.pathname.length > 1) return url.href;
    return refuse(`expected ${anAddress}, got ${quote(raw)}`, example);
  });
};

/** A Secret that the stack does not own, and the key of the password in it. */
export const passwordSecret = () =>
  z.strictObject(
    {
      name: matching("the name of a Secret", "<secret>", objectName),
      key: matching("a key of that Secret", "<key>", /^[-._a-zA-Z0-9]+$/),
    },
    {
      error: (issue) =>
        issue.input === undefined ? "missing; expected { name, key }" : `expected { name, key }, got ${quote(issue.input)}`,
    },
  );

/** A map of these keys, for a plan that has such a store; anything else is to be taken away. */
export const ofPlan = (plan: Plan, store: "database" | "cache", keys: readonly string[]) =>
  z.unknown().superRefine((raw, context) => {
    const message = plan[store]
      ? `expected { ${keys.join(", ")} }, got ${quote(raw)}`
      : `the plan of ${plan.system} has no ${store}; add ${store}: { … } to stacks/${plan.system}.ts first`;
    if (!plan[store] || !isObject(raw)) context.addIssue({ code: "custom", message, params: { remove: true } });
  });
