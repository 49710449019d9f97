import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const namespace = config.require("namespace");
const image = config.require("image");
const changed = config.getBoolean("changed") ?? false;

/** What it is, and what it changes to. */
function either<T, U = T>(before: T, after: U): T | U {
  return changed ? after : before;
}

const ns = new k8s.core.v1.Namespace("ns", { metadata: { name: namespace, labels: either({}, { tier: "gold" }) } });
const opts = { dependsOn: [ns] };
const named = (name: string) => ({ name, namespace });
const container = (script: string, env: { name: string; value: string }[] = []) => ({
  name: "main",
  image,
  imagePullPolicy: "IfNotPresent",
  args: ["-e", script],
  env,
});
const pod = (app: string, main: ReturnType<typeof container>, more: object = {}) => ({
  metadata: { labels: { app } },
  spec: { automountServiceAccountToken: false, terminationGracePeriodSeconds: 1, containers: [main], ...more },
});
const stays = "setInterval(() => {}, 1000)";
const selecting = (app: string) => ({ matchLabels: { app } });

new k8s.core.v1.ConfigMap("mutable", { metadata: named("mutable"), data: { key: either("one", "two") } }, opts);
new k8s.core.v1.ConfigMap("autonamed", { metadata: { namespace }, data: { key: either("one", "two") } }, opts);
new k8s.core.v1.ConfigMap("immutable", { metadata: named("immutable"), immutable: true, data: { key: either("one", "two") } }, opts);
new k8s.core.v1.Secret(
  "secret",
  { metadata: named("secret"), stringData: { token: pulumi.secret(either("s3cret-one", "s3cret-two")) } },
  opts,
);
new k8s.core.v1.ServiceAccount("account", { metadata: named("account") }, opts);
new k8s.rbac.v1.Role(
  "role",
  { metadata: named("role"), rules: [{ apiGroups: [""], resources: ["pods"], verbs: either(["get"], ["get", "list"]) }] },
  opts,
);
new k8s.rbac.v1.RoleBinding(
  "binding",
  {
    metadata: named("binding"),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: either("role", "other") },
    subjects: [{ kind: "ServiceAccount", name: "account", namespace }],
  },
  opts,
);
new k8s.apps.v1.Deployment(
  "deployment",
  {
    metadata: { ...named("deployment"), annotations: either({}, { note: "hello" }) },
    spec: {
      replicas: either(1, 2),
      selector: selecting("deployment"),
      template: pod("deployment", container(stays, [{ name: "AI_PROVIDER", value: either("gemini", "openai") }])),
    },
  },
  opts,
);
new k8s.apps.v1.StatefulSet(
  "stateful",
  {
    metadata: named("stateful"),
    spec: {
      serviceName: either("service", "renamed"),
      replicas: 1,
      selector: selecting("stateful"),
      template: pod("stateful", container(stays)),
    },
  },
  opts,
);
new k8s.apps.v1.DaemonSet(
  "daemon",
  {
    metadata: named("daemon"),
    spec: { selector: selecting("daemon"), template: pod("daemon", container(stays), either({}, { priority: 0 })) },
  },
  opts,
);
new k8s.batch.v1.Job(
  "job",
  {
    metadata: named("job"),
    spec: { backoffLimit: 0, template: pod("job", container("0", either([], [{ name: "A", value: "b" }])), { restartPolicy: "Never" }) },
  },
  opts,
);
new k8s.batch.v1.CronJob(
  "cron",
  {
    metadata: named("cron"),
    spec: {
      schedule: either("0 4 1 * *", "5 4 * * *"),
      jobTemplate: { spec: { template: pod("cron", container("0"), { restartPolicy: "Never" }) } },
    },
  },
  opts,
);
new k8s.core.v1.Service(
  "service",
  {
    metadata: named("service"),
    spec: { selector: { app: either("deployment", "stateful") }, ports: [{ name: "http", port: either(80, 81), targetPort: 8080 }] },
  },
  opts,
);
new k8s.core.v1.Pod("pod", { metadata: named("pod"), spec: pod("", container(stays, either([], [{ name: "A", value: "b" }]))).spec }, opts);
new k8s.policy.v1.PodDisruptionBudget(
  "budget",
  { metadata: named("budget"), spec: { minAvailable: either(1, 2), selector: selecting("deployment") } },
  opts,
);
new k8s.autoscaling.v2.HorizontalPodAutoscaler(
  "autoscaler",
  {
    metadata: named("autoscaler"),
    spec: { minReplicas: 1, maxReplicas: either(3, 5), scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "stateful" } },
  },
  opts,
);
new k8s.networking.v1.NetworkPolicy(
  "network",
  { metadata: named("network"), spec: { podSelector: selecting("deployment"), policyTypes: either(["Ingress"], ["Ingress", "Egress"]) } },
  opts,
);
const schema = { type: "object", properties: { spec: { type: "object", properties: { size: { type: "integer" } } } } };
const widgets = new k8s.apiextensions.v1.CustomResourceDefinition("widgets", {
  metadata: { name: "widgets.provider-test.example.com" },
  spec: {
    group: "provider-test.example.com",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget" },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
  },
});
new k8s.apiextensions.CustomResource(
  "widget",
  {
    apiVersion: "provider-test.example.com/v1",
    kind: "Widget",
    metadata: named("widget"),
    spec: { size: either(1, 2) },
  },
  { dependsOn: [ns, widgets] },
);
