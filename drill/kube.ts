/** What the drill asks of the cluster's API server, always with the kubeconfig and context it was given. */

import {
  ApiException,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  type V1Deployment,
  type V1Namespace,
} from "@kubernetes/client-node";
import { ClusterPods } from "../probes/clusterPods.ts";
import { now } from "../probes/request.ts";

const fieldManager = "rollback-stacks-drill";

/** The kubeconfig of a cluster, pinned to its context. */
export function kubeConfig(cluster: { kubeconfig: string; context: string }): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  config.setCurrentContext(cluster.context);
  return config;
}

export class Kube extends ClusterPods {
  readonly #objects: KubernetesObjectApi;

  constructor(config: KubeConfig, namespace: string) {
    super(config, namespace);
    this.#objects = KubernetesObjectApi.makeApiClient(config);
  }

  /** Server-side apply, in order; what another tool owns of these fields becomes the drill's. */
  async apply(objects: readonly KubernetesObject[]): Promise<void> {
    for (const object of objects) {
      await this.#objects.patch(object, undefined, undefined, fieldManager, true, PatchStrategy.ServerSideApply);
    }
  }

  async readNamespace(): Promise<V1Namespace | undefined> {
    try {
      return await this.core.readNamespace({ name: this.namespace });
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return undefined;
      throw error;
    }
  }

  /** Deletes the namespace and waits until nothing of it is left. */
  async deleteNamespace(): Promise<void> {
    await this.core.deleteNamespace({ name: this.namespace });
    while ((await this.readNamespace()) !== undefined) await sleep(250);
  }

  deployment(name: string): Promise<V1Deployment> {
    return this.#objects.read<V1Deployment>({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: this.namespace } });
  }

  /** Waits until a Deployment's newest pods are all ready; throws after `timeoutMs` with what is missing. */
  async deploymentReady(name: string, timeoutMs: number): Promise<void> {
    const deadline = now() + timeoutMs;
    for (;;) {
      const deployment = await this.deployment(name);
      const wanted = deployment.spec?.replicas ?? 1;
      const { updatedReplicas = 0, readyReplicas = 0, observedGeneration = 0, replicas = 0 } = deployment.status ?? {};
      const current = observedGeneration >= (deployment.metadata?.generation ?? 0);
      if (current && updatedReplicas === wanted && readyReplicas === wanted && replicas === wanted) return;
      if (now() > deadline) {
        throw new Error(
          `${name} in namespace ${this.namespace} has ${readyReplicas} of ${wanted} pods ready after ${timeoutMs / 1000} s: ` +
            (await this.#whyNotReady(deployment)),
        );
      }
      await sleep(250);
    }
  }

  async #whyNotReady(deployment: V1Deployment): Promise<string> {
    const labels = Object.entries(deployment.spec?.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
    const pods = await this.pods(labels.join(","));
    const reasons = pods.flatMap((pod) => (pod.status?.containerStatuses ?? []).map((status) => status.state?.waiting));
    const said = reasons.flatMap((waiting) => (waiting ? [`${waiting.reason}${waiting.message ? ` (${waiting.message})` : ""}`] : []));
    return said.length > 0 ? [...new Set(said)].join("; ") : `${pods.length} pods exist, none says why it is not ready`;
  }

  /** Cluster address, first port and selector of a Service; throws when there is none. */
  async service(name: string): Promise<{ clusterIP: string; port: number; selector: Record<string, string> }> {
    const { spec } = await this.core.readNamespacedService({ name, namespace: this.namespace });
    const port = spec?.ports?.[0]?.port;
    if (spec?.clusterIP === undefined || port === undefined) throw new Error(`Service ${name} in namespace ${this.namespace} has no port`);
    return { clusterIP: spec.clusterIP, port, selector: spec.selector ?? {} };
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
