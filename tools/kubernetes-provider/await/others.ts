import type { V1CustomResourceDefinition, V1Namespace, V1PersistentVolume, V1ResourceQuota, V1Secret } from "@kubernetes/client-node";
import { type Awaiter, condition, ready } from "./awaiter.ts";

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

/** Done when a claim can have it. */
export const persistentVolume: Awaiter = {
  assess(view) {
    const { status } = view.object as unknown as V1PersistentVolume;
    if (status?.phase === "Available" || status?.phase === "Bound") return ready;
    if (status?.phase === "Failed") return { state: "failed", causes: [status.message ?? "the volume failed"] };
    return { state: "waiting", progress: `volume is ${status?.phase ?? "Pending"}`, causes: status?.message ? [status.message] : [] };
  },
};

/** Done when its controller has counted what there is: until then the server refuses whatever the quota is about. */
export const resourceQuota: Awaiter = {
  assess(view) {
    const { spec, status } = view.object as unknown as V1ResourceQuota;
    const isCounted = Object.entries(spec?.hard ?? {}).every(([resource, limit]) => status?.hard?.[resource] === limit);
    return isCounted ? ready : { state: "waiting", progress: "waiting for its controller to count what there is", causes: [] };
  },
};

/** Done at once, but for the token of a service account, which a controller fills in. */
export const secret: Awaiter = {
  assess(view) {
    const { type, data } = view.object as unknown as V1Secret;
    if (type !== "kubernetes.io/service-account-token" || Object.keys(data ?? {}).length > 0) return ready;
    return { state: "waiting", progress: "waiting for the token of its service account", causes: [] };
  },
};
