import type { KubeObject } from "../objects.ts";
import { type Awaiter, ready, type Verdict } from "./awaiter.ts";

/** One line of a `status.conditions` list. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
}

interface Reported {
  observedGeneration?: number;
  conditions?: Condition[];
}

export function conditionsOf(object: KubeObject): Condition[] {
  return (object.status as Reported | undefined)?.conditions ?? [];
}

/** Whether a condition was reported of the object as it is now, as far as its controller says. */
export function isCurrent(object: KubeObject, condition?: Condition): boolean {
  const observed = condition?.observedGeneration ?? (object.status as Reported | undefined)?.observedGeneration;
  return observed === undefined || observed >= (object.metadata.generation ?? 0);
}

/** `reason: message`, as far as there is one. */
export function reasonOf({ reason, message }: Condition): string[] {
  const told = [reason, message].filter((part) => part).join(": ");
  return told ? [told] : [];
}

export const unseen: Verdict = { state: "waiting", progress: "waiting for its controller to see the change", causes: [] };

/** Where an object stands by one condition of it. */
export function standing(object: KubeObject, type: string): Verdict {
  const found = conditionsOf(object).find((condition) => condition.type === type);
  if (!found) return { state: "waiting", progress: `no controller has reported that it is ${type}`, causes: [] };
  if (!isCurrent(object, found)) return unseen;
  return found.status === "True" ? ready : { state: "waiting", progress: `${type} is ${found.status}`, causes: reasonOf(found) };
}

/** Done when every one of these conditions is true. */
export function untilTrue(...types: string[]): Awaiter {
  return {
    assess: ({ object }) => types.map((type) => standing(object, type)).find(({ state }) => state !== "ready") ?? ready,
  };
}
