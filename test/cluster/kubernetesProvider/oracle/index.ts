import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Each variant changes one thing. */
const variant = new pulumi.Config().get("variant") ?? "base";

function when<T, U>(name: string, changed: T, base: U): T | U {
  return variant === name ? changed : base;
}

const namespace = "oracle";
const named = (name: string) => ({ name, namespace });
const ns = new k8s.core.v1.Namespace("ns", { metadata: { name: namespace, labels: when("namespaceLabel", { tier: "gold" }, {}) } });
const opts = { dependsOn: [ns] };
const labels = (app: string) => ({ app });
const selecting = (app: string) => ({ matchLabels: labels(app) });
const container = (image: string, more: object = {}) => ({ name: "main", image, imagePullPolicy: "Never", ...more });
const waits = (more?: object) => container("localhost/pause:1", more);
const exits = (more?: object) => container("localhost/true:1", more);
const podSpec = (main: ReturnType<typeof container>, more: object = {}) => ({
  automountServiceAccountToken: false,
  terminationGracePeriodSeconds: 1,
  containers: [main],
  ...more,
});
const pod = (app: string, main: ReturnType<typeof container>, more?: object) => ({
  metadata: { labels: labels(app) },
  spec: podSpec(main, more),
});

new k8s.core.v1.ConfigMap("mutable", { metadata: named("mutable"), data: { key: when("configMapData", "two", "one") } }, opts);
new k8s.core.v1.ConfigMap(
  "immutable",
  { metadata: named("immutable"), immutable: true, data: { key: when("immutableData", "two", "one") } },
  opts,
);
new k8s.core.v1.ConfigMap("autonamed", { metadata: { namespace }, data: { key: when("autonamedData", "two", "one") } }, opts);
new k8s.core.v1.Secret(
  "secret",
  { metadata: named("secret"), stringData: { token: pulumi.secret(when("secretData", "s3cret-two", "s3cret-one")) } },
  opts,
);
new k8s.core.v1.ServiceAccount("account", { metadata: named("account") }, opts);
new k8s.rbac.v1.Role(
  "role",
  { metadata: named("role"), rules: [{ apiGroups: [""], resources: ["pods"], verbs: when("roleVerbs", ["get", "list"], ["get"]) }] },
  opts,
);
new k8s.rbac.v1.RoleBinding(
  "binding",
  {
    metadata: named("binding"),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: when("roleRef", "other", "role") },
    subjects: [{ kind: "ServiceAccount", name: "account", namespace }],
  },
  opts,
);
const app = when("deploymentSelector", "other", "deployment");
new k8s.apps.v1.Deployment(
  "deployment",
  {
    metadata: { ...named("deployment"), annotations: when("deploymentAnnotation", { note: "hello" }, {}) },
    spec: {
      replicas: when("deploymentReplicas", 2, 1),
      selector: selecting(app),
      template: pod(app, waits({ env: [{ name: "AI_PROVIDER", value: when("deploymentEnv", "openai", "gemini") }] })),
    },
  },
  opts,
);
new k8s.apps.v1.StatefulSet(
  "stateful",
  {
    metadata: named("stateful"),
    spec: {
      serviceName: when("statefulService", "renamed", "service"),
      replicas: 1,
      selector: selecting("stateful"),
      template: pod("stateful", waits()),
    },
  },
  opts,
);
new k8s.apps.v1.DaemonSet(
  "daemon",
  {
    metadata: named("daemon"),
    spec: { selector: selecting("daemon"), template: pod("daemon", waits(), when("daemonSpec", { priority: 0 }, {})) },
  },
  opts,
);
new k8s.batch.v1.Job(
  "job",
  {
    metadata: named("job"),
    spec: {
      backoffLimit: 0,
      template: pod("job", exits({ env: when("jobTemplate", [{ name: "A", value: "b" }], []) }), { restartPolicy: "Never" }),
    },
  },
  opts,
);
new k8s.batch.v1.CronJob(
  "cron",
  {
    metadata: named("cron"),
    spec: {
      schedule: when("cronSchedule", "5 4 * * *", "0 4 1 * *"),
      jobTemplate: { spec: { template: pod("cron", exits(), { restartPolicy: "Never" }) } },
    },
  },
  opts,
);
new k8s.core.v1.Service(
  "service",
  {
    metadata: named("service"),
    spec: {
      selector: labels(when("serviceSelector", "other", "deployment")),
      ports: [{ name: "http", port: when("servicePort", 81, 80), targetPort: 8080 }],
    },
  },
  opts,
);
new k8s.core.v1.Pod(
  "pod",
  {
    metadata: { ...named("pod"), labels: labels("pod") },
    spec: podSpec(waits({ env: when("podEnv", [{ name: "A", value: "b" }], []) })),
  },
  opts,
);
new k8s.policy.v1.PodDisruptionBudget(
  "budget",
  { metadata: named("budget"), spec: { minAvailable: when("budgetMin", 2, 1), selector: selecting("deployment") } },
  opts,
);
new k8s.autoscaling.v2.HorizontalPodAutoscaler(
  "autoscaler",
  {
    metadata: named("autoscaler"),
    spec: {
      minReplicas: 1,
      maxReplicas: when("autoscalerMax", 5, 3),
      scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "stateful" },
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }],
    },
  },
  opts,
);
new k8s.networking.v1.NetworkPolicy(
  "network",
  {
    metadata: named("network"),
    spec: { podSelector: selecting("deployment"), policyTypes: when("networkTypes", ["Ingress", "Egress"], ["Ingress"]) },
  },
  opts,
);
const schema = { type: "object", properties: { spec: { type: "object", properties: { size: { type: "integer" } } } } };
const widgets = new k8s.apiextensions.v1.CustomResourceDefinition("widgets", {
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget" },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
  },
});
new k8s.apiextensions.CustomResource(
  "widget",
  { apiVersion: "example.com/v1", kind: "Widget", metadata: named("widget"), spec: { size: when("widgetSize", 2, 1) } },
  { dependsOn: [ns, widgets] },
);
