import type { Api, ApiAnswer } from "./api.ts";
import { network, nodeName } from "./network.ts";

export interface ReadinessOptions {
  api: Api;
  /** Milliseconds since 1970; what was last heard of the node and its pods before does not count. Left out for a pretended node. */
  since?: number;
  /** Proves DNS and service addresses at once; left out where there is no traffic. */
  dial?: (host: string, port: number) => Promise<{ destroy(): void }>;
}

/** What the cluster still lacks, in words, or undefined when it is ready for work. */
export async function lacking({ api, since = 0, dial }: ReadinessOptions): Promise<string | undefined> {
  try {
    const ready = await api.get("/readyz");
    if (ready.status !== 200) return `the API server says it is not ready (${ready.status})`;
    const account = await api.get("/api/v1/namespaces/default/serviceaccounts/default");
    if (account.status !== 200) return "the default service account does not exist yet (kube-controller-manager makes it)";
    const node = nodeLacks(await api.get(`/api/v1/nodes/${nodeName}`), since);
    if (node) return node;
    const pod = podFromBefore(await api.get("/api/v1/pods?fieldSelector=status.phase%3DRunning"), since);
    if (pod) return `the pod ${pod} of the time before the restart is not running again yet`;
  } catch (error) {
    return `the API server does not answer (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`;
  }
  if (!dial) return undefined;
  try {
    (await dial("kubernetes.default.svc", 443)).destroy();
  } catch (error) {
    return `service addresses do not work yet (${(error as Error).message})`;
  }
}

interface NodeObject {
  spec?: { taints?: { key: string }[] };
  status?: { conditions?: { type: string; status: string; message?: string; lastHeartbeatTime: string }[] };
}

function nodeLacks(answer: ApiAnswer, since: number): string | undefined {
  if (answer.status !== 200) return "the node has not registered yet";
  const { spec, status } = JSON.parse(answer.body) as NodeObject;
  const ready = status?.conditions?.find((condition) => condition.type === "Ready");
  if (!ready || Date.parse(ready.lastHeartbeatTime) < wholeSeconds(since)) return "the node has not reported yet";
  if (ready.status !== "True") return `the node is not ready (${ready.message})`;
  const taint = spec?.taints?.find(({ key }) => key.startsWith("node.kubernetes.io/"));
  if (taint) return `the node still has the taint ${taint.key}`;
}

interface PodList {
  items: {
    metadata: { name: string; namespace: string };
    status?: { containerStatuses?: { state?: { running?: { startedAt: string } } }[] };
  }[];
}

/** A pod whose containers are said to run since before `since`: nothing has looked at it yet. */
function podFromBefore(answer: ApiAnswer, since: number): string | undefined {
  const { items } = JSON.parse(answer.body) as PodList;
  const stale = items.find(({ status }) =>
    status?.containerStatuses?.some(({ state }) => state?.running && Date.parse(state.running.startedAt) < wholeSeconds(since)),
  );
  return stale && `${stale.metadata.namespace}/${stale.metadata.name}`;
}

/** Kubernetes gives times in whole seconds. */
function wholeSeconds(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

/** The node that kwok pretends to be. */
export const simulatedNode = {
  path: `/api/v1/nodes/${nodeName}`,
  object: {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: nodeName, labels: { "kubernetes.io/hostname": nodeName, "kubernetes.io/os": "linux", type: "kwok" } },
    spec: { podCIDR: network.pods },
  },
};
