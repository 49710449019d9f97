import type { Props } from "../../../../tools/kubernetes-provider/values.ts";
import { merge, type Row } from "./row.ts";
import { workloads } from "./workloads.ts";

/** What the rows need beforehand and do not own: namespaces, the kind of the custom resource, and volumes for claims. */
export function prerequisites(...namespaces: string[]): Props[] {
  const size = { type: "object", properties: { size: { type: "integer" }, slot: { type: "string", "x-kubernetes-validations": [fixed] } } };
  const volumes = Array.from({ length: 8 }, (_, index) => ({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `volume-${index}` },
    spec: {
      storageClassName: "conformance",
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteOnce", "ReadOnlyMany"],
      hostPath: { path: `/tmp/volume-${index}`, type: "DirectoryOrCreate" },
    },
  }));
  return [
    ...namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    definition("widgets", "Widget", { type: "object", properties: { spec: size } }),
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "conformance" },
      provisioner: "kubernetes.io/no-provisioner",
      volumeBindingMode: "Immediate",
      allowVolumeExpansion: true,
    },
    ...volumes,
  ];
}

const fixed = { rule: "self == oldSelf", message: "slot is immutable" };
const group = "conformance.example.com";

function definition(plural: string, kind: string, schema: Props): Props {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, singular: kind.toLowerCase(), kind },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

/** The rows of the table, their objects in this namespace; it is part of the names of those that live in none. */
export function rows(namespace: string, image: string): Row[] {
  const tier = (value: string): Props => ({ metadata: { labels: { tier: value } } });
  const tierChanged = (value: string) => ({ patch: tier(value), paths: ["update metadata.labels.tier"] });
  const metadata = (name: string): Props => ({ name, namespace, labels: { tier: "gold", row: name } });
  const unscoped = (name: string): Props => ({ name: `${namespace}-${name}`, labels: { tier: "gold", row: name } });
  const renamed = (name: string) => ({ patch: { metadata: { name } }, paths: ["update-replace metadata.name"] });
  const core = (kind: string, name: string, more: Props): Props => ({ apiVersion: "v1", kind, metadata: metadata(name), ...more });
  const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" };
  const rule = (...verbs: string[]): Props => ({ rules: [{ apiGroups: [""], resources: ["pods"], verbs }] });
  const account = (name: string): Props => ({ kind: "ServiceAccount", name, namespace });
  const ports = (port: number, targetPort: number): Props => ({ spec: { ports: [{ name: "http", port, targetPort }] } });
  const retargeted = { patch: ports(80, 8081), paths: ["update spec.ports[0].targetPort"] };
  const service = (name: string, more: Props): Props =>
    core("Service", name, { spec: { selector: { serves: "all" }, ports: [{ name: "http", port: 80, targetPort: 8080 }], ...more } });
  const route = (weight: number): Props => ({
    spec: { rules: [{ backendRefs: [{ name: "service", port: 80, weight }] }] },
  });

  return [
    {
      title: "Namespace",
      name: "space",
      object: { apiVersion: "v1", kind: "Namespace", metadata: unscoped("space") },
      update: tierChanged("silver"),
      replace: renamed(`${namespace}-room`),
      drift: tierChanged("tin"),
    },
    {
      title: "ConfigMap",
      name: "settings",
      object: core("ConfigMap", "settings", { data: { key: "one" } }),
      update: tierChanged("silver"),
      replace: { patch: { data: { key: "two" } }, paths: ["update-replace data.key"] },
      drift: { patch: { data: { key: "drifted" } }, paths: ["update-replace data.key"] },
    },
    {
      title: "immutable ConfigMap",
      name: "immutable",
      object: core("ConfigMap", "immutable", { immutable: true, data: { key: "one" } }),
      update: tierChanged("silver"),
      replace: { patch: { data: { key: "two" } }, paths: ["update-replace data.key"] },
      drift: tierChanged("tin"),
    },
    {
      title: "Secret",
      name: "secret",
      object: core("Secret", "secret", { stringData: { token: "s3cret-one" } }),
      update: tierChanged("silver"),
      replace: { patch: { stringData: { token: "s3cret-two" } }, paths: ["update-replace data.token"] },
      drift: { patch: { stringData: { token: "s3cret-drifted" } }, paths: ["update-replace data.token"] },
    },
    {
      title: "Service",
      name: "service",
      object: service("service", {}),
      update: { patch: ports(80, 8090), paths: ["update spec.ports[0].targetPort"] },
      replace: { patch: { spec: { clusterIP: "None" } }, paths: ["add-replace spec.clusterIP"] },
      drift: retargeted,
    },
    {
      title: "headless Service",
      name: "headless",
      object: service("headless", { clusterIP: "None" }),
      update: { patch: { spec: { publishNotReadyAddresses: true } }, paths: ["add spec.publishNotReadyAddresses"] },
      replace: { patch: { spec: { clusterIP: null } }, paths: ["delete-replace spec.clusterIP"] },
      drift: retargeted,
    },
    {
      title: "LoadBalancer Service",
      name: "balanced",
      object: service("balanced", { type: "LoadBalancer", loadBalancerClass: "example.com/one" }),
      update: { patch: ports(81, 8080), paths: ["update spec.ports[0].port"] },
      replace: { patch: { spec: { loadBalancerClass: "example.com/two" } }, paths: ["update-replace spec.loadBalancerClass"] },
      drift: { patch: { spec: { ports: [{ name: "http", port: 81, targetPort: 8081 }] } }, paths: ["update spec.ports[0].targetPort"] },
    },
    {
      title: "ServiceAccount",
      name: "account",
      object: core("ServiceAccount", "account", { automountServiceAccountToken: true }),
      update: { patch: { automountServiceAccountToken: false }, paths: ["update automountServiceAccountToken"] },
      replace: renamed("account-renamed"),
      drift: { patch: { automountServiceAccountToken: true }, paths: ["update automountServiceAccountToken"] },
    },
    {
      title: "Role",
      name: "role",
      object: { ...rbac, kind: "Role", metadata: metadata("role"), ...rule("get") },
      update: { patch: rule("get", "list"), paths: ["add rules[0].verbs[1]"] },
      replace: renamed("role-renamed"),
      drift: { patch: rule("get", "watch"), paths: ["update rules[0].verbs[1]"] },
    },
    {
      title: "RoleBinding",
      name: "binding",
      object: {
        ...rbac,
        kind: "RoleBinding",
        metadata: metadata("binding"),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "one" },
        subjects: [account("one")],
      },
      update: { patch: { subjects: [account("one"), account("two")] }, paths: ["add subjects[1]"] },
      replace: { patch: { roleRef: { name: "two" } }, paths: ["update-replace roleRef.name"] },
      drift: { patch: { subjects: [account("one"), account("stranger")] }, paths: ["update subjects[1].name"] },
    },
    {
      title: "ClusterRole",
      name: "reader",
      object: { ...rbac, kind: "ClusterRole", metadata: unscoped("reader"), ...rule("get") },
      update: { patch: rule("get", "list"), paths: ["add rules[0].verbs[1]"] },
      replace: renamed(`${namespace}-lister`),
      drift: { patch: rule("get"), paths: ["delete rules[0].verbs[1]"] },
    },
    ...workloads(metadata, image),
    {
      title: "PersistentVolumeClaim",
      name: "claim",
      object: core("PersistentVolumeClaim", "claim", {
        spec: { storageClassName: "conformance", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
      }),
      update: { patch: { spec: { resources: { requests: { storage: "2Mi" } } } }, paths: ["update spec.resources.requests.storage"] },
      replace: { patch: { spec: { accessModes: ["ReadWriteOnce", "ReadOnlyMany"] } }, paths: ["add-replace spec.accessModes[1]"] },
      drift: tierChanged("tin"),
    },
    {
      title: "PodDisruptionBudget",
      name: "budget",
      object: {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: metadata("budget"),
        spec: { minAvailable: 1, selector: { matchLabels: { app: "deployment" } } },
      },
      update: { patch: { spec: { minAvailable: 2 } }, paths: ["update spec.minAvailable"] },
      replace: renamed("budget-renamed"),
      drift: { patch: { spec: { minAvailable: "50%" } }, paths: ["update spec.minAvailable"] },
    },
    {
      title: "HorizontalPodAutoscaler",
      name: "autoscaler",
      object: {
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: metadata("autoscaler"),
        spec: { minReplicas: 1, maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "elsewhere" } },
      },
      update: { patch: { spec: { maxReplicas: 5 } }, paths: ["update spec.maxReplicas"] },
      replace: renamed("autoscaler-renamed"),
      drift: { patch: { spec: { maxReplicas: 9 } }, paths: ["update spec.maxReplicas"] },
    },
    {
      title: "NetworkPolicy",
      name: "network",
      object: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: metadata("network"),
        spec: { podSelector: { matchLabels: { app: "deployment" } }, policyTypes: ["Ingress"] },
      },
      update: { patch: { spec: { policyTypes: ["Ingress", "Egress"] } }, paths: ["add spec.policyTypes[1]"] },
      replace: renamed("network-renamed"),
      drift: { patch: { spec: { policyTypes: ["Ingress"] } }, paths: ["delete spec.policyTypes[1]"] },
    },
    {
      title: "PriorityClass",
      name: "priority",
      object: {
        apiVersion: "scheduling.k8s.io/v1",
        kind: "PriorityClass",
        metadata: unscoped("priority"),
        value: 10,
        description: "first",
      },
      update: { patch: { description: "second" }, paths: ["update description"] },
      replace: { patch: { value: 20 }, paths: ["update-replace value"] },
      drift: { patch: { description: "drifted" }, paths: ["update description"] },
    },
    {
      title: "CustomResourceDefinition",
      name: "definition",
      object: merge(definition(`${namespace}gadgets`, `${namespace}Gadget`, { type: "object" }), {
        metadata: { labels: { row: "definition" } },
      }),
      update: { patch: { spec: { names: { shortNames: [`${namespace}g`] } } }, paths: ["add spec.names.shortNames"] },
      replace: { patch: { spec: { scope: "Cluster" } }, paths: ["update-replace spec.scope"] },
      drift: { patch: { spec: { names: { shortNames: [`${namespace}h`] } } }, paths: ["update spec.names.shortNames[0]"] },
    },
    {
      title: "custom resource",
      name: "widget",
      object: { apiVersion: `${group}/v1`, kind: "Widget", metadata: metadata("widget"), spec: { size: 1, slot: "left" } },
      update: { patch: { spec: { size: 2 } }, paths: ["update spec.size"] },
      replace: { patch: { spec: { slot: "right" } }, paths: ["update-replace spec.slot"] },
      drift: { patch: { spec: { size: 7 } }, paths: ["update spec.size"] },
    },
    {
      title: "HTTPRoute",
      name: "route",
      object: {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: metadata("route"),
        spec: { parentRefs: [{ name: "gateway" }], hostnames: ["shop.example.com"], ...(route(1).spec as Props) },
      },
      update: { patch: route(2), paths: ["update spec.rules[0].backendRefs[0].weight"] },
      replace: renamed("route-renamed"),
      drift: { patch: route(9), paths: ["update spec.rules[0].backendRefs[0].weight"] },
    },
  ];
}
