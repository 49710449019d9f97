import type { V1Pod } from "@kubernetes/client-node";

/** Ready, and not on its way out. */
export function isReady(pod: V1Pod): boolean {
  return !isEnding(pod) && (pod.status?.conditions ?? []).some((condition) => condition.type === "Ready" && condition.status === "True");
}

/** Takes part in what its selector stands for: neither on its way out nor, as a Job's pod, over. */
export function isPresent(pod: V1Pod): boolean {
  return !isEnding(pod) && !isOver(pod);
}

/** A Job's pod that has run: its place is kept for its log only. */
export function isOver(pod: V1Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

export function isEnding(pod: V1Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined;
}
