import type { V1DaemonSet, V1ReplicaSet, V1ReplicationController, V1StatefulSet } from "@kubernetes/client-node";
import { type Awaiter, labelQuery, podsOf, ready } from "./awaiter.ts";
import { unseen } from "./conditions.ts";
import { isReady, ownedBy } from "./pods.ts";
import { countOld, waitingForPods } from "./workload.ts";

/** Done when every replica runs the newest revision and is ready. */
export const statefulSet: Awaiter = {
  assess(view) {
    const { status, spec, metadata } = view.object as unknown as V1StatefulSet;
    if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return unseen;
    const wanted = spec?.replicas ?? 1;
    const total = status?.replicas ?? 0;
    const updated = status?.updatedReplicas ?? 0;
    const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    const rolls = spec?.updateStrategy?.type !== "OnDelete";
    const toUpdate = rolls ? Math.max(wanted - partition, 0) : 0;
    if ((status?.readyReplicas ?? 0) >= wanted && updated >= toUpdate && total === wanted) return ready;
    const own = ownedBy(view.pods, metadata?.uid);
    const fresh = rolls ? own.filter((pod) => pod.metadata?.labels?.["controller-revision-hash"] === status?.updateRevision) : own;
    const isRolling = rolls && total > updated;
    const readyNow = isRolling ? fresh.filter(isReady).length : (status?.readyReplicas ?? 0);
    const progress = isRolling
      ? `${readyNow} of ${toUpdate} new pods ready, ${countOld(total - updated)}`
      : `${readyNow} of ${wanted} pods ready`;
    return waitingForPods(progress, fresh, metadata?.uid, view);
  },
  related: (object) => podsOf(object, labelQuery((object as unknown as V1StatefulSet).spec?.selector ?? {})),
};

/** Both are the template's generation: of the newest template, and of the one that a pod was made from. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";
const POD_GENERATION = "pod-template-generation";

/** Done when every node that should run a pod runs the newest one and it is available. */
export const daemonSet: Awaiter = {
  assess(view) {
    const { status, spec, metadata } = view.object as unknown as V1DaemonSet;
    if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return unseen;
    const wanted = status?.desiredNumberScheduled ?? 0;
    const rolls = spec?.updateStrategy?.type !== "OnDelete";
    const updated = rolls ? (status?.updatedNumberScheduled ?? 0) : wanted;
    const available = status?.numberAvailable ?? 0;
    if (updated >= wanted && available >= wanted) return ready;
    const newest = metadata?.annotations?.[TEMPLATE_GENERATION];
    const own = ownedBy(view.pods, metadata?.uid);
    const fresh = rolls && newest ? own.filter((pod) => pod.metadata?.labels?.[POD_GENERATION] === newest) : own;
    const progress = updated < wanted ? `${updated} of ${wanted} nodes have the new pod` : `available on ${available} of ${wanted} nodes`;
    return waitingForPods(progress, fresh, metadata?.uid, view);
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

export const replicationController: Awaiter = {
  assess: replicaSet.assess,
  related: (object) => podsOf(object, labelQuery({ matchLabels: (object as unknown as V1ReplicationController).spec?.selector })),
};
