import type { V1Pod } from "@kubernetes/client-node";
import type { Verdict, View } from "./awaiter.ts";
import { creationFailures, isRefusal, podTroubles, REFUSAL_GRACE_MS } from "./pods.ts";

/**
 * What a controller of pods that is not yet done is waiting for.
 * @param pods those of the new template
 * @param creatorUid who creates the pods, whose events tell why it cannot
 * @param more what the object itself says of that
 */
export function waitingForPods(progress: string, pods: V1Pod[], creatorUid: string | undefined, view: View, more: string[] = []): Verdict {
  const troubles = podTroubles(pods, view);
  if (troubles.fatal) return { state: "failed", causes: troubles.causes };
  const refusals = more.length > 0 ? more : creationFailures(creatorUid, view.events);
  const causes = [...refusals, ...troubles.causes];
  if (pods.length === 0 && refusals.some(isRefusal)) {
    if (view.elapsedMs >= REFUSAL_GRACE_MS) return { state: "failed", causes };
    return { state: "waiting", progress, causes, recheckMs: REFUSAL_GRACE_MS - view.elapsedMs };
  }
  return { state: "waiting", progress, causes };
}

export function countOld(pods: number): string {
  return pods === 1 ? "1 old one still there" : `${pods} old ones still there`;
}
