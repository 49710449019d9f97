/** A Gateway on the project's node: Traefik, which watches HTTPRoutes and says of each what became of it. */

const name = "rollback-gateway";
const namespace = name;
/** Traefik takes a listener's traffic at the entry point with the listener's port. */
const port = 8000;

/** What a stack's `traffic.gateway` names, and the Service under whose address the Gateway is reached. */
export const gateway = { name, namespace, service: name, port: 80 } as const;

const labels = { app: name };
const metadata = { name, namespace, labels };
const role = `${name}-controller`;

/** From Traefik's documentation of its Gateway API provider; a drill's routes are HTTPRoutes. */
const rules = [
  { apiGroups: [""], resources: ["namespaces", "services", "secrets", "configmaps"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  { apiGroups: ["gateway.networking.k8s.io"], resources: ["*"], verbs: ["get", "list", "watch"] },
  {
    apiGroups: ["gateway.networking.k8s.io"],
    resources: ["gatewayclasses/status", "gateways/status", "httproutes/status"],
    verbs: ["update"],
  },
];

const args = [
  `--entrypoints.web.address=:${port}`,
  "--providers.kubernetesgateway=true",
  // A pod that is about to end answers for as long as the plan's preStopSeconds, 3: the default, 2, would use most of it up.
  "--providers.providersthrottleduration=100ms",
  "--ping=true",
  "--ping.entrypoint=web",
  "--log.level=INFO",
  "--global.checknewversion=false",
  "--global.sendanonymoususage=false",
];

const container = (image: string) => ({
  name,
  image,
  imagePullPolicy: "IfNotPresent",
  args,
  ports: [{ name: "web", containerPort: port }],
  readinessProbe: { httpGet: { path: "/ping", port: "web" }, periodSeconds: 1 },
  resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "512Mi" } },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
});

/** The Gateway as Kubernetes objects; the kinds of the Gateway API have to be there. */
export function gatewayManifests(image: string) {
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: role, labels }, rules },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: role, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: name,
            enableServiceLinks: false,
            securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: { type: "RuntimeDefault" } },
            containers: [container(image)],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labels, ports: [{ name: "http", port: gateway.port, targetPort: "web" }] },
    },
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "GatewayClass",
      metadata: { name, labels },
      spec: { controllerName: "traefik.io/gateway-controller" },
    },
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata,
      spec: {
        gatewayClassName: name,
        listeners: [{ name: "http", protocol: "HTTP", port, allowedRoutes: { namespaces: { from: "All" } } }],
      },
    },
  ];
}
