import type { V1CustomResourceDefinition, V1Namespace, V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { type Awaiter, condition, ready } from "./awaiter.ts";

/** Done when bound; a claim whose class waits for its first pod would wait for the pod that waits for this update. */
export const persistentVolumeClaim: Awaiter = {
  assess(view) {
    const { status, spec } = view.object as unknown as V1PersistentVolumeClaim;
    if (status?.phase === "Bound") return ready;
    if (status?.phase === "Lost") return { state: "failed", causes: [`its volume ${spec?.volumeName} is gone`] };
    const told = view.events.map((event) => event.message ?? "").slice(-1);
    return { state: "waiting", progress: `claim is ${status?.phase ?? "Pending"}`, causes: told };
  },
  related(object) {
    const path = `/api/v1/namespaces/${object.metadata.namespace}/events`;
    return { events: { path, fieldSelector: `involvedObject.name=${object.metadata.name},involvedObject.kind=PersistentVolumeClaim` } };
  },
  async prepare(object, client) {
    const { spec } = object as unknown as V1PersistentVolumeClaim;
    if (!spec?.storageClassName) return undefined;
    const path = `/apis/storage.k8s.io/v1/storageclasses/${encodeURIComponent(spec.storageClassName)}`;
    const found = await client.request<V1StorageClass>({ method: "GET", path }).catch(() => undefined);
    return found?.body.volumeBindingMode === "WaitForFirstConsumer" ? ready : undefined;
  },
};

export const namespace: Awaiter = {
  assess(view) {
    const { status } = view.object as unknown as V1Namespace;
    return status?.phase === "Active" ? ready : { state: "waiting", progress: `namespace is ${status?.phase ?? "new"}`, causes: [] };
  },
};

/** Done when the server serves the kind. */
export const customResourceDefinition: Awaiter = {
  assess(view) {
    const { status } = view.object as unknown as V1CustomResourceDefinition;
    const names = condition(status?.conditions, "NamesAccepted");
    if (names?.status === "False") return { state: "failed", causes: [`${names.reason}: ${names.message}`] };
    if (condition(status?.conditions, "Established")?.status === "True") return ready;
    return { state: "waiting", progress: "waiting for the server to serve the kind", causes: [] };
  },
};
