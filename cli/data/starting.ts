import type { CoreV1Event, V1ContainerState, V1Pod } from "@kubernetes/client-node";

/** What every pod goes through. */
const ordinary = ["ContainerCreating", "PodInitializing"];

/** Of one of a pod's containers: a cluster may have added others to it. */
export const stateOf = ({ status }: V1Pod, container: string): V1ContainerState =>
  status?.containerStatuses?.find(({ name }) => name === container)?.state ?? {};

/** What keeps a container of a pod from starting, in the cluster's words; empty where nothing is known to. */
export function whyNotStarted(pod: V1Pod, container: string, events: readonly CoreV1Event[]): string {
  const { metadata, status } = pod;
  const { waiting } = stateOf(pod, container);
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  const warning = events.findLast(({ type }) => type === "Warning");
  const why =
    scheduled?.status === "False"
      ? `cannot be scheduled: ${scheduled.message ?? scheduled.reason}`
      : waiting?.reason && !ordinary.includes(waiting.reason)
        ? [waiting.reason, waiting.message].filter(Boolean).join(": ")
        : (warning?.message ?? "");
  return why === "" ? "" : `pod ${metadata?.name}: ${why}`;
}
