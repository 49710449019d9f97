import { CoreV1Api, type KubeConfig, type V1Pod } from "@kubernetes/client-node";
import type { PodReader } from "./context.ts";

/** The pods of one namespace, by the API server of a kubeconfig. */
export class ClusterPods implements PodReader {
  readonly namespace: string;
  protected readonly core: CoreV1Api;

  constructor(config: KubeConfig, namespace: string) {
    this.namespace = namespace;
    this.core = config.makeApiClient(CoreV1Api);
  }

  async pods(selector: string): Promise<V1Pod[]> {
    const list = await this.core.listNamespacedPod({ namespace: this.namespace, labelSelector: selector });
    return list.items;
  }

  logs(name: string, container: string, sinceSeconds?: number): Promise<string> {
    const since = sinceSeconds === undefined ? {} : { sinceSeconds };
    return this.core.readNamespacedPodLog({ name, namespace: this.namespace, container, ...since });
  }
}
