import { groupOf } from "../kinds.ts";
import type { KubeObject } from "../objects.ts";
import type { Awaiter } from "./awaiter.ts";
import { daemonSet, replicaSet, statefulSet } from "./controllers.ts";
import { deployment } from "./deployment.ts";
import { customResourceDefinition, namespace, persistentVolumeClaim } from "./others.ts";
import { job, pod } from "./runs.ts";
import { service } from "./service.ts";

const AWAITERS: Record<string, Awaiter> = {
  "/Namespace": namespace,
  "/PersistentVolumeClaim": persistentVolumeClaim,
  "/Pod": pod,
  "/Service": service,
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
  "apps/DaemonSet": daemonSet,
  "apps/Deployment": deployment,
  "apps/ReplicaSet": replicaSet,
  "apps/StatefulSet": statefulSet,
  "batch/Job": job,
};

/** How an object becomes ready; undefined for kinds that are ready once the server has them. */
export function awaiterOf(object: KubeObject): Awaiter | undefined {
  return AWAITERS[`${groupOf(object.apiVersion)}/${object.kind}`];
}
