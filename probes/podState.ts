import type { V1Pod } from "@kubernetes/client-node";

/** Ready, and not on its way out. */
export function isReady(pod: V1Pod): boolean {
  return !isEnding(pod) && (pod.status?.conditions ?? []).some((condition) => condition.type === "Ready" && condition.status === "True");
}

export function isEnding(pod: V1Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined;
}
