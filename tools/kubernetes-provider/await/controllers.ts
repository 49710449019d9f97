import type { V1DaemonSet, V1ReplicaSet, V1StatefulSet } from "@kubernetes/client-node";
import { type Awaiter, labelQuery, podsOf, ready } from "./awaiter.ts";
import { ownedBy } from "./pods.ts";
import { waitingForPods } from "./workload.ts";

const unseen = { state: "waiting", progress: "waiting for its controller to see the change", causes: [] as string[] } as const;

/** Done when every replica runs the newest revision and is ready. */
export const statefulSet: Awaiter = {
  assess(view) {
    const object = view.object as unknown as V1StatefulSet;
    const { status, spec, metadata } = object;
    const wanted = spec?.replicas ?? 1;
    const isReady = status?.readyReplicas ?? 0;
    const updated = status?.updatedReplicas ?? 0;
    if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return unseen;
    const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    const rolls = spec?.updateStrategy?.type !== "OnDelete";
    const toUpdate = rolls ? Math.max(wanted - partition, 0) : 0;
    if (isReady >= wanted && updated >= toUpdate && (status?.replicas ?? 0) === wanted) return ready;
    const pods = ownedBy(view.pods, metadata?.uid).filter(
      (pod) => !rolls || pod.metadata?.labels?.["controller-revision-hash"] === status?.updateRevision,
    );
    return waitingForPods(`${Math.min(isReady, updated)} of ${wanted} pods ready`, pods, metadata?.uid, view);
  },
  related: (object) => podsOf(object, labelQuery((object as unknown as V1StatefulSet).spec?.selector ?? {})),
};

/** Done when every node that should run a pod runs the newest one and it is available. */
export const daemonSet: Awaiter = {
  assess(view) {
    const { status, spec, metadata } = view.object as unknown as V1DaemonSet;
    if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return unseen;
    const wanted = status?.desiredNumberScheduled ?? 0;
    const updated = spec?.updateStrategy?.type === "OnDelete" ? wanted : (status?.updatedNumberScheduled ?? 0);
    const available = status?.numberAvailable ?? 0;
    if (updated >= wanted && available >= wanted) return ready;
    return waitingForPods(`${Math.min(available, updated)} of ${wanted} nodes`, ownedBy(view.pods, metadata?.uid), metadata?.uid, view);
  },
  related: (object) => podsOf(object, labelQuery((object as unknown as V1DaemonSet).spec?.selector ?? {})),
};

/** Done when every replica is available. */
export const replicaSet: Awaiter = {
  assess(view) {
    const { status, spec, metadata } = view.object as unknown as V1ReplicaSet;
    if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return unseen;
    const wanted = spec?.replicas ?? 1;
    const available = status?.availableReplicas ?? 0;
    if (available >= wanted && (status?.replicas ?? 0) === wanted) return ready;
    return waitingForPods(`${available} of ${wanted} pods available`, ownedBy(view.pods, metadata?.uid), metadata?.uid, view);
  },
  related: (object) => podsOf(object, labelQuery((object as unknown as V1ReplicaSet).spec?.selector ?? {})),
};
