/** What there is of a track: the logs, manifests, metrics and events of what it runs in. */

import type { AppsV1Api, CoreV1Api, KubernetesObject, V1Pod, V1ReplicaSet } from "@kubernetes/client-node";
import { stringify } from "yaml";
import type { Plan, TrackName } from "../../components/plan/plan.ts";
import { isReady } from "../../probes/podState.ts";
import type { ThroughServer } from "../cluster/throughServer.ts";
import type { Item } from "./item.ts";

export interface Cluster {
  core: CoreV1Api;
  apps: AppsV1Api;
  server: ThroughServer;
  namespace: string;
}

export interface TrackSeen {
  pods: V1Pod[];
  items: Item[];
}

/** What a kubelet keeps of a container's log is less. */
const logBytes = 20 * 1024 * 1024;
const metricsTimeoutMs = 5000;

/** Nothing where the track runs in no pod. */
export async function trackItems(cluster: Cluster, { service }: Plan, track: TrackName): Promise<TrackSeen> {
  const { apps, core, namespace } = cluster;
  const { deployment = "", version = "" } = service.tracks[track] ?? {};
  const labelSelector = `app=${service.name},version=${version}`;
  const [{ items: pods }, { items: replicaSets }] = await Promise.all([
    core.listNamespacedPod({ namespace, labelSelector }),
    apps.listNamespacedReplicaSet({ namespace, labelSelector }),
  ]);
  if (pods.length === 0) return { pods, items: [] };
  const objects: Item[] = [
    manifest(track, "Deployment", deployment, () => apps.readNamespacedDeployment({ namespace, name: deployment })),
    ...replicaSets.map((set) => manifest(track, "ReplicaSet", nameOf(set), async () => set)),
    ...pods.map((pod) => manifest(track, "Pod", nameOf(pod), async () => pod)),
    ...configMapsOf(pods).map((name) => manifest(track, "ConfigMap", name, () => core.readNamespacedConfigMap({ namespace, name }))),
  ];
  const items = [
    ...pods.flatMap((pod) => logs(cluster, track, pod)),
    ...pods.filter(isReady).map((pod) => metrics(cluster, track, pod, service.port)),
    events(cluster, track, deployment, replicaSets),
    ...objects,
  ];
  return { pods, items };
}

const nameOf = ({ metadata }: KubernetesObject): string => metadata?.name ?? "";

function logs({ core, namespace }: Cluster, track: string, pod: V1Pod): Item[] {
  const name = nameOf(pod);
  return (pod.spec?.containers ?? []).flatMap(({ name: container }) => {
    const restarts = pod.status?.containerStatuses?.find((status) => status.name === container)?.restartCount ?? 0;
    const log = (previous: boolean): Item => ({
      path: `${track}/logs/${name}.${container}${previous ? ".before-restart" : ""}.log`,
      what: `${track}: log of ${name}${previous ? " before its restart" : ""}`,
      read: () => core.readNamespacedPodLog({ name, namespace, container, previous, timestamps: true, limitBytes: logBytes }),
    });
    return [log(false), ...(restarts > 0 ? [log(true)] : [])];
  });
}

function metrics({ server }: Cluster, track: string, pod: V1Pod, port: number): Item {
  const name = nameOf(pod);
  return {
    path: `${track}/metrics/${name}.txt`,
    what: `${track}: metrics of ${name}`,
    async read() {
      const { status, body } = await server.toPod(name, port)({ method: "GET", path: "/metrics", timeoutMs: metricsTimeoutMs });
      if (status !== 200) throw new Error(`/metrics answered ${status}`);
      return body;
    },
  };
}

/** Of the Deployment, its ReplicaSets and their pods, those that are gone included. */
function events({ core, namespace }: Cluster, track: string, deployment: string, replicaSets: readonly V1ReplicaSet[]): Item {
  const sets = replicaSets.map(nameOf);
  const own = (name: string) => name === deployment || sets.some((set) => name === set || name.startsWith(`${set}-`));
  return {
    path: `${track}/events.yaml`,
    what: `${track}: events`,
    async read() {
      const { items } = await core.listNamespacedEvent({ namespace });
      return yaml(items.filter(({ involvedObject }) => own(involvedObject.name ?? "")));
    },
  };
}

const manifest = (track: string, kind: string, name: string, read: () => Promise<KubernetesObject>): Item => ({
  path: `${track}/manifests/${kind.toLowerCase()}-${name}.yaml`,
  what: `${track}: manifest of ${kind} ${name}`,
  read: async () => yaml(await read()),
});

/** Without what says only who wrote which field. */
const yaml = (value: unknown): string =>
  stringify(JSON.parse(JSON.stringify(value, (key, inner) => (key === "managedFields" ? undefined : inner))), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });

function configMapsOf(pods: readonly V1Pod[]): string[] {
  const named = pods.flatMap(({ spec }) => [
    ...(spec?.volumes ?? []).map(({ configMap }) => configMap?.name),
    ...(spec?.containers ?? []).flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef?.name)),
  ]);
  return [...new Set(named.filter((name) => name !== undefined))].sort();
}
