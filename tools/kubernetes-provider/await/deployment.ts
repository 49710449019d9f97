import type { V1Deployment, V1ReplicaSet } from "@kubernetes/client-node";
import type { KubeObject } from "../objects.ts";
import { type Awaiter, condition, labelQuery, podsOf, ready, type Verdict, type View } from "./awaiter.ts";
import { ownedBy } from "./pods.ts";
import { countOld, waitingForPods } from "./workload.ts";

const REVISION = "deployment.kubernetes.io/revision";

/** Done when the controller has seen this generation, every replica is of it and available, and none of an older one is left. */
export const deployment: Awaiter = {
  assess(view) {
    const object = view.object as unknown as V1Deployment;
    const { status, spec } = object;
    const wanted = spec?.replicas ?? 1;
    const updated = status?.updatedReplicas ?? 0;
    if ((status?.observedGeneration ?? 0) < (object.metadata?.generation ?? 0)) {
      return { state: "waiting", progress: "waiting for the deployment controller to see the change", causes: [] };
    }
    if (spec?.paused) return ready;
    if (updated >= wanted && (status?.availableReplicas ?? 0) >= wanted && (status?.replicas ?? 0) === updated) return ready;
    return waiting(view, object);
  },

  related(object) {
    const labelSelector = labelQuery((object as unknown as V1Deployment).spec?.selector ?? {});
    return {
      ...podsOf(object, labelSelector),
      replicaSets: { path: `/apis/apps/v1/namespaces/${object.metadata.namespace}/replicasets`, labelSelector },
    };
  },
};

/** The Deployment counts old and new pods as one; the new ReplicaSet tells how many of the new ones are available. */
function progressOf({ status, spec }: V1Deployment, current: V1ReplicaSet | undefined): string {
  const wanted = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const old = (status?.replicas ?? 0) - updated;
  if (old === 0) return `${status?.availableReplicas ?? 0} of ${wanted} pods available`;
  const fresh = current
    ? `${current.status?.availableReplicas ?? 0} of ${wanted} new pods available`
    : `${updated} of ${wanted} new pods created`;
  return `${fresh}, ${countOld(old)}`;
}

function waiting(view: View, object: V1Deployment): Verdict {
  const current = newReplicaSet(object, view.related.replicaSets ?? []);
  const progress = progressOf(object, current);
  const failure = condition(object.status?.conditions, "ReplicaFailure");
  const late = condition(object.status?.conditions, "Progressing");
  const more = failure?.status === "True" ? [failure.message ?? "pods cannot be created"] : [];
  const slow =
    late?.status === "False" && late.reason === "ProgressDeadlineExceeded" ? [late.message ?? "no progress within its deadline"] : [];
  const verdict = waitingForPods(progress, ownedBy(view.pods, current?.metadata?.uid), current?.metadata?.uid, view, more);
  return verdict.state === "waiting" ? { ...verdict, causes: [...verdict.causes, ...slow] } : verdict;
}

function newReplicaSet(object: V1Deployment, replicaSets: KubeObject[]): V1ReplicaSet | undefined {
  const revision = object.metadata?.annotations?.[REVISION];
  const own = (replicaSets as unknown as V1ReplicaSet[]).filter((set) =>
    set.metadata?.ownerReferences?.some((owner) => owner.uid === object.metadata?.uid),
  );
  return own.find((set) => set.metadata?.annotations?.[REVISION] === revision);
}
