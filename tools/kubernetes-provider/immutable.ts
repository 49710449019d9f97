import { groupOf } from "./kinds.ts";
import { isUnder, parsePath, type Step } from "./paths.ts";

const POD_FIELDS =
  "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork hostPID hostname " +
  "imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates restartPolicy " +
  "runtimeClassName schedulerName securityContext serviceAccount serviceAccountName shareProcessNamespace subdomain " +
  "terminationGracePeriodSeconds volumes";
const CONTAINER_FIELDS =
  "args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources securityContext stdin stdinOnce " +
  "terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir";

const pod = [
  ...POD_FIELDS.split(" ").map((name) => `spec.${name}`),
  ...["containers", "initContainers"].flatMap((list) => CONTAINER_FIELDS.split(" ").map((name) => `spec.${list}[*].${name}`)),
];

/** Fields that only a replacement can change, as the official provider has them; a server that knows more says so in a dry run. */
const REPLACING: Record<string, string[]> = {
  "/ConfigMap": ["data", "binaryData"],
  "/Secret": ["data", "stringData", "type"],
  "/Pod": pod,
  "/PersistentVolume": ["spec.csi", "spec.hostPath", "spec.local", "spec.nfs"],
  "/ResourceQuota": ["spec.scopes"],
  "/Service": ["spec.clusterIP"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/Deployment": ["spec.selector"],
  "apps/ReplicaSet": ["spec.selector"],
  "apps/StatefulSet": ["spec.podManagementPolicy", "spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
};

/** Kinds whose immutable fields are all in the table, so that the server need not be asked before an update. */
const COMPLETE = new Set([
  ...["/ConfigMap", "/Secret", "/Namespace", "/ServiceAccount", "apps/DaemonSet", "apps/Deployment", "batch/CronJob"],
  ...["autoscaling/HorizontalPodAutoscaler", "networking.k8s.io/Ingress", "networking.k8s.io/NetworkPolicy", "policy/PodDisruptionBudget"],
  ...["rbac.authorization.k8s.io/ClusterRole", "rbac.authorization.k8s.io/Role"],
]);

/** Fields of other kinds that are known to change in place. */
const CHANGEABLE: Record<string, string[]> = {
  "/Service": ["spec.selector", "spec.ports"],
  "apps/StatefulSet": ["spec.replicas", "spec.template", "spec.updateStrategy"],
};

export interface MutableKinds {
  configMap: boolean;
  secret: boolean;
}

/** What makes it another object, whatever the kind. */
export const IDENTITY: Step[][] = [
  ["metadata", "name"],
  ["metadata", "namespace"],
];

const paths = new Map<string, Step[][]>();

/** Paths that replace an object of this kind; the name and the namespace always do. */
export function replacingPaths(apiVersion: string, kind: string, mutable: MutableKinds, isImmutable: boolean): Step[][] {
  const key = `${groupOf(apiVersion)}/${kind}`;
  const updatable = (key === "/ConfigMap" && mutable.configMap) || (key === "/Secret" && mutable.secret);
  if (updatable && !isImmutable) return IDENTITY;
  let known = paths.get(key);
  if (!known) {
    known = (REPLACING[key] ?? []).map(parsePath);
    paths.set(key, known);
  }
  return [...IDENTITY, ...known];
}

/** Whether a change at this path surely happens in place, so that the server need not be asked. */
export function surelyInPlace(apiVersion: string, kind: string, path: Step[]): boolean {
  const key = `${groupOf(apiVersion)}/${kind}`;
  const metadata = path[0] === "metadata" && (path[1] === "labels" || path[1] === "annotations");
  return metadata || COMPLETE.has(key) || (CHANGEABLE[key] ?? []).some((pattern) => isUnder(path, parsePath(pattern)));
}
