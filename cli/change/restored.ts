import { recorded, recordedLevers } from "../../components/releaseRecord.ts";
import { differences, judged, type RawLevers } from "../stack/levers.ts";
import type { OpenStack } from "../stack/open.ts";

/** Levers that a rollback may bring back, by name, as a plan reads them; none where it cannot. */
export function recordable({ plan, name, document }: OpenStack, raw: RawLevers): RawLevers | undefined {
  // What is encrypted is not part of it, and has to be there.
  const found = judged(plan, { ...raw, credentials: document.levers.credentials, change: undefined }, name);
  return "levers" in found ? (recordedLevers(found.levers) as RawLevers) : undefined;
}

/** The stack's levers with those that differ from `target` as they are there. Credentials, and what is said of the stack, stay. */
export function restored(stack: OpenStack, target: RawLevers): RawLevers {
  const now = recordable(stack, stack.document.levers);
  const then = recordable(stack, target);
  const back = recorded.filter((lever) => !now || !then || !same(now[lever], then[lever]));
  const kept = Object.entries(stack.document.levers).filter(([lever]) => !back.some((name) => name === lever));
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(back.flatMap((lever) => (target[lever] === undefined ? [] : [[lever, target[lever]]]))),
  };
}

/** Whatever the order of their keys: a state has them in the alphabet's. */
export const same = (a: unknown, b: unknown): boolean => differences(a, b).length === 0;
