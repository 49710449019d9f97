/** One look at what runs: pods, events, logs, metrics and health, from the API server alone. */

import type { CoreV1Api, CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { providerLabel } from "../../components/motion.ts";
import type { Plan } from "../../components/plan/plan.ts";
import { isEnding, isOver, isReady } from "../../probes/podState.ts";
import { servicePort, type ThroughServer } from "../cluster/throughServer.ts";
import { reason, within } from "../cluster/within.ts";
import { type Counters, countersOf } from "./counters.ts";

export interface PodSeen {
  name: string;
  track: string;
  provider: string;
  /** `Running`, `Terminating`, `ImagePullBackOff`. */
  state: string;
  ready: boolean;
  restarts: number;
  startedAt: number | undefined;
  /** Nothing where it does not tell. */
  counters: Counters | undefined;
}

export interface Sight {
  at: number;
  /** What the service's health path answers, or why it does not. */
  health: string;
  pods: PodSeen[];
  /** Lines of the pods' logs, of the last minute, that speak of an error: the newest last. */
  errors: string[];
  /** Warnings among the namespace's events, of the last minutes: the newest last. */
  warnings: string[];
}

export interface Cluster {
  core: CoreV1Api;
  server: ThroughServer;
  namespace: string;
}

const patienceMs = 5000;
const logSeconds = 60;
const logLines = 200;
const warningMs = 5 * 60_000;
/** As the teams' own monitors look for them: `grep -i error`. Row M8. */
const speaksOfError = /error/i;

/** @throws {Error} where the cluster does not answer. */
export async function look(cluster: Cluster, plan: Plan): Promise<Sight> {
  const { core, namespace } = cluster;
  return await within(patienceMs * 2, async () => {
    const labelSelector = `app=${plan.service.name}`;
    const [{ items: all }, events, health] = await Promise.all([
      core.listNamespacedPod({ namespace, labelSelector }),
      core.listNamespacedEvent({ namespace }),
      healthOf(cluster, plan),
    ]);
    const own = all.filter((pod) => !isOver(pod));
    const [pods, logs] = await Promise.all([
      Promise.all(own.map((pod) => podSeen(cluster, plan, pod))),
      Promise.all(own.map((pod) => errorsOf(cluster, plan, pod))),
    ]);
    const ordered = pods.sort((a, b) => a.track.localeCompare(b.track) || a.name.localeCompare(b.name));
    return { at: Date.now(), health, pods: ordered, errors: logs.flat(), warnings: warningsOf(events.items) };
  });
}

async function healthOf({ server }: Cluster, { service }: Plan): Promise<string> {
  try {
    const { status } = await server.toService(
      service.name,
      servicePort,
    )({ method: "GET", path: service.healthPath, timeoutMs: patienceMs });
    return String(status);
  } catch (error) {
    return `no answer: ${reason(error)}`;
  }
}

async function podSeen({ server }: Cluster, plan: Plan, pod: V1Pod): Promise<PodSeen> {
  const { metadata, status } = pod;
  const name = metadata?.name ?? "";
  const version = metadata?.labels?.version;
  const [track] = Object.entries(plan.service.tracks).find(([, each]) => each.version === version) ?? ["other"];
  return {
    name,
    track,
    provider: metadata?.labels?.[providerLabel] ?? "",
    state: stateOf(pod),
    ready: isReady(pod),
    restarts: (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    startedAt: status?.startTime && new Date(status.startTime).getTime(),
    counters: isReady(pod) ? await countersOfPod(server, plan, name) : undefined,
  };
}

function stateOf(pod: V1Pod): string {
  if (isEnding(pod)) return "Terminating";
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return statuses.find(({ state }) => state?.waiting?.reason)?.state?.waiting?.reason ?? pod.status?.phase ?? "Unknown";
}

async function countersOfPod(server: ThroughServer, plan: Plan, name: string): Promise<Counters | undefined> {
  try {
    const { status, body } = await server.toPod(name, plan.service.port)({ method: "GET", path: "/metrics", timeoutMs: patienceMs });
    return status === 200 ? countersOf(body, plan) : undefined;
  } catch {
    return undefined;
  }
}

async function errorsOf({ core, namespace }: Cluster, { service }: Plan, { metadata }: V1Pod): Promise<string[]> {
  const name = metadata?.name ?? "";
  const asked = { name, namespace, container: service.container, tailLines: logLines, sinceSeconds: logSeconds };
  // A container that has not started has no log.
  const log = await core.readNamespacedPodLog(asked).catch(() => "");
  return log.split("\n").flatMap((line) => (speaksOfError.test(line) ? [`${name}: ${messageOf(line)}`] : []));
}

/** What a line of JSON says; any other as it is. */
function messageOf(line: string): string {
  try {
    const { message } = JSON.parse(line);
    return typeof message === "string" ? message : line;
  } catch {
    return line;
  }
}

function warningsOf(events: readonly CoreV1Event[]): string[] {
  const time = ({ lastTimestamp, eventTime, metadata }: CoreV1Event) =>
    new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime();
  return events
    .filter((event) => event.type === "Warning" && Date.now() - time(event) < warningMs)
    .sort((a, b) => time(a) - time(b))
    .map(({ reason: why, message, involvedObject: { kind, name } }) => `${why}: ${kind?.toLowerCase()}/${name}: ${message ?? ""}`);
}
