import type { CoreV1Event, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { condition, type View } from "./awaiter.ts";

/** What keeps pods from running, in words a person can act on. */
export interface Trouble {
  causes: string[];
  /** Waiting cannot help. */
  fatal: boolean;
}

/** A crash may be a dependency that comes up later; after so many of one container it is not. */
const HOPELESS_RESTARTS = 5;
const MOST_PODS_NAMED = 3;

/** Kubelet's reasons that only a changed pod template can mend. */
const HOPELESS_REASONS = new Set(["InvalidImageName", "ErrImageNeverPull"]);
const HOPELESS_PULL = /not found|manifest unknown|pull access denied|unauthorized|authentication required|403 Forbidden|invalid reference/i;

const PULL_REASONS = new Set(["ErrImagePull", "ImagePullBackOff"]);

export function podTroubles(pods: V1Pod[], view: View): Trouble {
  const troubles = pods.map((pod) => podTrouble(pod, view)).filter(({ causes }) => causes.length > 0);
  const fatal = troubles.filter((trouble) => trouble.fatal);
  const told = fatal.length > 0 ? fatal : troubles;
  const causes = told.slice(0, MOST_PODS_NAMED).flatMap((trouble) => trouble.causes);
  if (told.length > MOST_PODS_NAMED) causes.push(`and ${told.length - MOST_PODS_NAMED} more pods`);
  return { causes, fatal: fatal.length > 0 };
}

function podTrouble(pod: V1Pod, view: View): Trouble {
  const name = `pod ${pod.metadata?.name}`;
  const causes: string[] = [];
  const scheduled = condition(pod.status?.conditions, "PodScheduled");
  if (scheduled?.status === "False") causes.push(`${name} cannot be scheduled: ${scheduled.message ?? scheduled.reason}`);
  let fatal = false;
  for (const status of [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]) {
    const trouble = containerTrouble(pod, status, view);
    causes.push(...trouble.causes.map((cause) => `${name}: container ${status.name}: ${cause}`));
    fatal ||= trouble.fatal;
  }
  if (causes.length === 0) causes.push(...eventsOf(pod, view.events).map((event) => `${name}: ${event.message ?? event.reason}`));
  return { causes, fatal };
}

function containerTrouble(pod: V1Pod, status: V1ContainerStatus, view: View): Trouble {
  const { waiting, terminated } = status.state ?? {};
  const crash = terminated ?? status.lastState?.terminated;
  if (waiting?.reason === "CrashLoopBackOff" || (crash && crash.exitCode !== 0 && !status.ready)) {
    const how = crash
      ? `exited with code ${crash.exitCode}${crash.reason && crash.reason !== "Error" ? ` (${crash.reason})` : ""}`
      : "crashes";
    const times = status.restartCount > 0 ? `, restarted ${status.restartCount} times` : "";
    const log = view.logs(pod, status.name, terminated === undefined) ?? [];
    const lines = log.length > 0 ? `; its last lines: ${log.join(" | ")}` : "";
    return { causes: [`${how}${times}${lines}`], fatal: status.restartCount >= HOPELESS_RESTARTS };
  }
  if (!waiting?.reason || waiting.reason === "ContainerCreating" || waiting.reason === "PodInitializing")
    return { causes: [], fatal: false };
  const message = waiting.message ? `${waiting.reason}: ${waiting.message}` : waiting.reason;
  const noSuchImage = waiting.reason === "ImagePullBackOff" && HOPELESS_PULL.test(waiting.message ?? "");
  return { causes: [message], fatal: HOPELESS_REASONS.has(waiting.reason) || noSuchImage };
}

/**
 * Whether kubelet tried more than once to get the image of a container that still lacks it. Its second try comes after 10 s, so what
 * refused it was no hiccup.
 */
export function pullFailedAgain(pod: V1Pod, events: CoreV1Event[]): boolean {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const lacking = statuses.filter(({ state }) => PULL_REASONS.has(state?.waiting?.reason ?? ""));
  const again = events.filter(({ message, count = 1 }) => message === "Error: ErrImagePull" && count > 1);
  return lacking.some(({ name }) =>
    again.some(({ involvedObject: { uid, fieldPath } }) => uid === pod.metadata?.uid && fieldPath?.endsWith(`{${name}}`)),
  );
}

const TOLD_BY_EVENTS = new Set([
  "Unhealthy",
  "FailedMount",
  "FailedAttachVolume",
  "FailedCreatePodSandBox",
  "FailedPostStartHook",
  "NetworkNotReady",
]);

/** Probes and mounts fail in events only; the newest of each reason. */
function eventsOf(pod: V1Pod, events: CoreV1Event[]): CoreV1Event[] {
  const isReady = condition(pod.status?.conditions, "Ready")?.status === "True";
  if (isReady) return [];
  const mine = events.filter((event) => event.involvedObject.uid === pod.metadata?.uid && TOLD_BY_EVENTS.has(event.reason ?? ""));
  return [...new Map(mine.map((event) => [event.reason, event])).values()];
}

export function isTerminating(pod: V1Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined;
}

export function isReady(pod: V1Pod): boolean {
  return condition(pod.status?.conditions, "Ready")?.status === "True";
}

export function ownedBy(pods: V1Pod[], uid: string | undefined): V1Pod[] {
  return pods.filter((pod) => !isTerminating(pod) && pod.metadata?.ownerReferences?.some((owner) => owner.uid === uid));
}

/** Why a controller cannot make pods at all: quota, admission, a missing account. */
export function creationFailures(uid: string | undefined, events: CoreV1Event[]): string[] {
  const failed = events.filter((event) => event.involvedObject.uid === uid && event.reason === "FailedCreate");
  return [...new Set(failed.map((event) => event.message ?? "pods cannot be created"))].slice(-1);
}

/** Refusals that last until someone changes the quota, the policy or the template. */
const REFUSED =
  /exceeded quota|admission webhook .* denied|is forbidden: (?!error looking up service account|status unknown for quota)|is invalid/i;

/** Old pods that leave free quota again, so a refusal is believed only after it has lasted. */
export const REFUSAL_GRACE_MS = 5_000;

export function isRefusal(message: string): boolean {
  return REFUSED.test(message);
}
