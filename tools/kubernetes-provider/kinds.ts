/** How the API server calls a kind. */
export interface KindInfo {
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
}

/**
 * Kinds of Kubernetes itself by group: asking the server where they live would put a round trip on the way of every first update.
 * `*` marks cluster scope.
 */
const BUILT_IN: Record<string, string> = {
  "": "ConfigMap Endpoints Event LimitRange *Namespace *Node *PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
  apps: "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
  autoscaling: "HorizontalPodAutoscaler",
  batch: "CronJob Job",
  policy: "PodDisruptionBudget",
  "admissionregistration.k8s.io":
    "*MutatingWebhookConfiguration *ValidatingWebhookConfiguration *ValidatingAdmissionPolicy *ValidatingAdmissionPolicyBinding *MutatingAdmissionPolicy *MutatingAdmissionPolicyBinding",
  "apiextensions.k8s.io": "*CustomResourceDefinition",
  "apiregistration.k8s.io": "*APIService",
  "certificates.k8s.io": "*CertificateSigningRequest",
  "coordination.k8s.io": "Lease",
  "discovery.k8s.io": "EndpointSlice",
  "events.k8s.io": "Event",
  "flowcontrol.apiserver.k8s.io": "*FlowSchema *PriorityLevelConfiguration",
  "networking.k8s.io": "Ingress *IngressClass NetworkPolicy",
  "node.k8s.io": "*RuntimeClass",
  "rbac.authorization.k8s.io": "*ClusterRole *ClusterRoleBinding Role RoleBinding",
  "scheduling.k8s.io": "*PriorityClass",
  "storage.k8s.io": "*CSIDriver *CSINode CSIStorageCapacity *StorageClass *VolumeAttachment",
};

const builtIn = new Map<string, boolean>();
for (const [group, kinds] of Object.entries(BUILT_IN)) {
  for (const kind of kinds.split(" ")) builtIn.set(`${group}/${kind.replace("*", "")}`, !kind.startsWith("*"));
}

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

export function builtInKind(apiVersion: string, kind: string): KindInfo | undefined {
  const namespaced = builtIn.get(`${groupOf(apiVersion)}/${kind}`);
  return namespaced === undefined ? undefined : { apiVersion, kind, plural: pluralOf(kind), namespaced };
}

/** Kubernetes' own rule for its own kinds; custom kinds name their plural themselves. */
function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === "endpoints") return lower;
  if (lower.endsWith("s")) return `${lower}es`;
  if (/[^aeiou]y$/.test(lower)) return `${lower.slice(0, -1)}ies`;
  return `${lower}s`;
}

/** `/api/v1` or `/apis/<group>/<version>`. */
export function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

export function collectionPath(kind: KindInfo, namespace: string | undefined): string {
  const scope = kind.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupPath(kind.apiVersion)}${scope}/${kind.plural}`;
}

export function objectPath(kind: KindInfo, namespace: string | undefined, name: string): string {
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

/** `kubernetes:core/v1:ConfigMap` from `urn:pulumi:stack::project::parent$kubernetes:core/v1:ConfigMap::name`. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** apiVersion and kind from a type token such as `kubernetes:apps/v1:Deployment` (`core/v1` is Kubernetes' plain `v1`). */
export function parseToken(token: string): { apiVersion: string; kind: string } | undefined {
  const [, module, kind] = token.split(":");
  const match = module?.match(/^([^/]+)\/(v[0-9][a-z0-9]*)$/);
  if (!match || !kind) return undefined;
  const [, group, version] = match;
  return { apiVersion: group === "core" ? (version as string) : `${group}/${version}`, kind };
}
