import { KubeClient } from "../../../../tools/kubernetes-provider/client.ts";
import { connect } from "../../../../tools/kubernetes-provider/connection.ts";
import type { KubeObject } from "../../../../tools/kubernetes-provider/objects.ts";
import type { Props } from "../../../../tools/kubernetes-provider/values.ts";
import { follow } from "../../../../tools/kubernetes-provider/watch.ts";

/**
 * Stands in for the two controllers that this cluster lacks: a cloud's, which gives a LoadBalancer Service its address, and a
 * gateway's, which accepts routes.
 * @returns what ends it
 */
export async function standIns(kubeconfig: string): Promise<() => void> {
  const client = new KubeClient(await connect({ kubeconfig }));
  const stop = new AbortController();

  const answer = (collection: string, status: (object: KubeObject) => Props | undefined): void => {
    const look = (objects: Map<string, KubeObject>): void => {
      for (const object of objects.values()) {
        const wanted = status(object);
        if (wanted) setStatus(object, wanted);
      }
    };
    const plural = collection.split("/").at(-1);
    const setStatus = ({ metadata }: KubeObject, wanted: Props): void => {
      const path = `${collection.replace(`/${plural}`, "")}/namespaces/${metadata.namespace}/${plural}/${metadata.name}/status`;
      const body = JSON.stringify({ metadata: { uid: metadata.uid }, status: wanted });
      // An object that is gone meanwhile needs no status.
      client.request({ method: "PATCH", path, body, contentType: "application/merge-patch+json" }).catch(() => {});
    };
    follow(client, { path: collection }, look, stop.signal).catch(() => {});
  };

  answer("/api/v1/services", ({ spec, status }) => {
    const { type } = spec as { type?: string };
    const { loadBalancer } = status as { loadBalancer?: { ingress?: unknown[] } };
    return type === "LoadBalancer" && !loadBalancer?.ingress ? { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } } : undefined;
  });
  answer("/apis/gateway.networking.k8s.io/v1/httproutes", ({ metadata, spec, status }) => {
    const { parents = [] } = (status ?? {}) as { parents?: { conditions: { observedGeneration?: number }[] }[] };
    if (parents[0]?.conditions[0]?.observedGeneration === metadata.generation) return undefined;
    const [parentRef] = (spec as { parentRefs: Props[] }).parentRefs;
    const condition = (type: string, reason: string): Props => ({
      ...{ type, reason, status: "True", message: "", lastTransitionTime: metadata.creationTimestamp as string },
      observedGeneration: metadata.generation as number,
    });
    const conditions = [condition("Accepted", "Accepted"), condition("ResolvedRefs", "ResolvedRefs")];
    return { parents: [{ parentRef: parentRef as Props, controllerName: "example.com/stand-in", conditions }] };
  });
  return () => stop.abort();
}
