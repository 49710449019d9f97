import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";

/** What every pod goes through. */
const ordinary = ["ContainerCreating", "PodInitializing"];

/** What keeps a pod from starting, in the cluster's words; empty where nothing is known to. */
export function whyNotStarted({ metadata, status }: V1Pod, events: readonly CoreV1Event[]): string {
  const { waiting } = status?.containerStatuses?.[0]?.state ?? {};
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
