import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { KubernetesProvider } from "../../../tools/kubernetes-provider/provider.ts";
import { silent } from "../../../tools/kubernetes-provider/report.ts";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";
import { newStack, type TestStack } from "./stack.ts";
import { newTestCluster, type TestCluster } from "./testCluster.ts";

const namespace = "features";

/** A custom kind that reports its status, and a Ready condition where `kubectl get` shows one. */
function definition(group: string, plural: string, kind: string, columns: object[] = []) {
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const schema = { openAPIV3Schema: { type: "object", properties: { spec: anything, status: anything } } };
  const version = { name: "v1", served: true, storage: true, schema, subresources: { status: {} }, additionalPrinterColumns: columns };
  const annotations = { "api-approved.kubernetes.io": "unapproved, a stand-in of a test" };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, annotations },
    spec: { group, scope: "Namespaced", names: { plural, singular: kind.toLowerCase(), kind }, versions: [version] },
  };
}

const readyColumn = { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' };
const widgets = definition("example.com", "widgets", "Widget", [readyColumn]);
const routes = definition("gateway.networking.k8s.io", "httproutes", "HTTPRoute");
const metadata = (name: string, annotations: Record<string, string> = {}) => ({ name, namespace, annotations });
const widget = (name: string) => ({ apiVersion: "example.com/v1", kind: "Widget", metadata: metadata(name), spec: { size: 1 } });
const route = (name: string) => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: metadata(name),
  spec: { parentRefs: [{ name: "edge" }] },
});
const ingress = (name: string) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: metadata(name),
  spec: { ingressClassName: "edge", defaultBackend: { service: { name: "web", port: { number: 80 } } } },
});
const web = { apiVersion: "v1", kind: "Service", metadata: metadata("web"), spec: { ports: [{ port: 80 }] } };
const external = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: metadata("external", { "pulumi.com/waitFor": "jsonpath={.metadata.labels.state}=done" }),
};

const kinds = ["widgets", "routes"];
/** What each has a controller for, which the test is. */
const reporting = [
  { name: "widgets", object: widgets },
  { name: "routes", object: routes },
  { name: "web", object: web },
  { name: "widget", object: widget("widget"), dependsOn: kinds },
  { name: "route", object: route("route"), dependsOn: kinds },
  { name: "ingress", object: ingress("ingress"), dependsOn: kinds },
  { name: "external", object: external, dependsOn: kinds },
];

describe("on a real node", () => {
  let on: TestCluster;
  let stack: TestStack;
  let provider: KubernetesProvider;
  const statuses: string[] = [];
  const made: Props[] = [];

  beforeAll(async () => {
    on = await newTestCluster();
    stack = await newStack("objects", on.cluster.kubeconfig);
    provider = new KubernetesProvider({ status: (_urn, message) => statuses.push(message), log: () => {} });
    await provider.configure({ kubeconfig: readFileSync(on.cluster.kubeconfig, "utf8") });
    await on.kubectl("create", "namespace", namespace);
  });
  afterAll(async () => {
    stack.close();
    await Promise.all(made.map((state) => provider.remove({ urn: "urn", state, timeout: 60 }))).finally(on.close);
  });

  const up = () => stack.pulumi("up", "--yes", "--skip-preview", ...stack.config());

  /** What is in state of every resource's status, by name. */
  async function statusesInState(): Promise<Record<string, unknown>> {
    const { stdout } = await stack.pulumi("stack", "export");
    const { resources } = JSON.parse(stdout).deployment as { resources: { urn: string; outputs?: { status?: unknown } }[] };
    return Object.fromEntries(resources.map(({ urn, outputs }) => [urn.split("::").at(-1), outputs?.status]));
  }

  /** Does what a controller would do once the object is there. */
  async function report(object: { kind: string; metadata: { name: string } }, status: object): Promise<void> {
    const name = `${object.kind.toLowerCase()}/${object.metadata.name}`;
    await on.kubectl("wait", "--for=create", name, "-n", namespace, "--timeout=60s");
    await on.kubectl("patch", name, "-n", namespace, "--subresource=status", "--type=merge", "-p", JSON.stringify({ status }));
  }

  /** Why an object does not become ready. */
  async function failureOf(object: object, timeout: number): Promise<string> {
    const error = await provider.create({ urn: "urn", inputs: object as unknown as Props, timeout, preview: false }).then(
      ({ properties }) => ({ message: "no error", properties }),
      (reason: Error & { properties?: Props }) => reason,
    );
    if (error.properties) made.push(error.properties);
    return error.message;
  }

  it("an update ends when every controller has reported, and state holds what they said", async () => {
    stack.declare(reporting);
    const updating = up();
    const crds = [widgets, routes].map((crd) => `crd/${crd.metadata.name}`);
    for (const crd of crds) await on.kubectl("wait", "--for=create", crd, "--timeout=60s");
    await on.kubectl("wait", "--for=condition=Established", ...crds, "--timeout=60s");
    const isReady = { conditions: [{ type: "Ready", status: "True", reason: "Made", message: "" }] };
    const conditions = ["Accepted", "ResolvedRefs"].map((type) => ({
      type,
      status: "True",
      reason: type,
      message: "",
      observedGeneration: 1,
    }));
    const accepted = { parents: [{ parentRef: { name: "edge" }, controllerName: "example.com/test", conditions }] };
    const addressed = { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } };
    await report(widget("widget"), { conditions: [{ type: "Ready", status: "False", reason: "Making", message: "" }] });
    await report(widget("widget"), isReady);
    await report(route("route"), accepted);
    await report(ingress("ingress"), addressed);
    await on.kubectl("wait", "--for=create", "configmap/external", "-n", namespace, "--timeout=60s");
    await on.kubectl("label", "configmap/external", "-n", namespace, "state=done");
    expect((await updating).all).toContain("+ 8 created");
    expect(await statusesInState()).toMatchObject({ widget: isReady, route: accepted, ingress: addressed });
  });

  it("a wait that nobody ends says who was waited for", async () => {
    const told = await Promise.all([widget("lost"), route("lost"), ingress("lost")].map((object) => failureOf(object, 2)));
    expect(told).toEqual([
      "Widget features/lost was not ready within 2 s: no controller has reported that it is Ready",
      "HTTPRoute features/lost was not ready within 2 s: accepted by 0 of 1 parents; " +
        "Gateway features/edge: no controller has seen the route; is there such a Gateway, and who serves it?",
      "Ingress features/lost was not ready within 2 s: waiting for a controller to give it an address; there is no IngressClass edge (there are: none)",
    ]);
  });

  const workload = (name: string, env: string, in_ = namespace) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: in_ },
    spec: {
      replicas: 2,
      minReadySeconds: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 1,
          automountServiceAccountToken: false,
          containers: [
            {
              name: "main",
              image: on.image,
              imagePullPolicy: "IfNotPresent",
              args: ["-e", "setInterval(() => {}, 1000)"],
              env: [{ name: "TEXT", value: env }],
            },
          ],
        },
      },
    },
  });

  it("what cannot come fails long before its time: pods beyond the quota, and claims that nothing provides for", async () => {
    await on.kubectl("create", "namespace", "poor");
    const none = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "none", namespace: "poor" }, spec: { hard: { pods: "0" } } };
    expect(await failureOf(none, 60)).toBe("no error");
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: metadata("disk"),
      spec: { storageClassName: "fast", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    const [quota, disk] = await Promise.all([failureOf(workload("refused", "x", "poor"), 600), failureOf(claim, 600)]);
    expect(quota).toMatch(
      /^Deployment poor\/refused cannot become ready: pods "refused-\S+" is forbidden: exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0$/,
    );
    expect(disk).toBe(
      "PersistentVolumeClaim features/disk cannot become ready: there is no StorageClass fast (there are: none), and no unbound PersistentVolume fits either",
    );
  });

  it("a proxy on the way changes nothing", async () => {
    const tunnels: (string | undefined)[] = [];
    const proxy = createServer().on("connect", (request, socket) => {
      tunnels.push(request.url);
      const upstream = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [socket, upstream]) end.on("error", () => {});
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const config = parse(readFileSync(on.cluster.kubeconfig, "utf8"));
    const { cluster } = config.clusters[0];
    cluster["proxy-url"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const proxied = new KubernetesProvider(silent);
    await proxied.configure({ kubeconfig: JSON.stringify(config) });
    const inputs: Props = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "far", namespace } };
    expect((await proxied.create({ urn: "urn", inputs, timeout: 5, preview: false })).id).toBe("features/far");
    expect(new Set(tunnels)).toEqual(new Set([new URL(cluster.server).host]));
    proxy.closeAllConnections();
    proxy.close();
  });

  it("a patch sets fields of an object that something else owns, and gives them back", async () => {
    await on.kubectl("create", "configmap", "theirs", "-n", namespace, "--from-literal=kept=yes");
    const data = () => on.kubectl("get", "configmap/theirs", "-n", namespace, "-o", "jsonpath={.data}");
    const urn = "urn:pulumi:test::objects::kubernetes:core/v1:ConfigMapPatch::theirs";
    const inputs: Props = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "theirs", namespace }, data: { added: "by us" } };
    const { properties: state } = await provider.create({ urn, inputs, timeout: 5, preview: false });
    expect(JSON.parse(await data())).toEqual({ kept: "yes", added: "by us" });
    await provider.remove({ urn, state, timeout: 5 });
    expect(JSON.parse(await data())).toEqual({ kept: "yes" });
    await on.kubectl("delete", "configmap/theirs", "-n", namespace);
    await provider.remove({ urn, state, timeout: 5 });
    expect(await on.kubectl("get", "configmaps", "-n", namespace, "-o", "name")).not.toContain("theirs");
  });

  it("a rollout counts its new pods apart from the old ones", async () => {
    const { properties: state } = await provider.create({ urn: "urn", inputs: workload("rolls", "one"), timeout: 60, preview: false });
    statuses.length = 0;
    const inputs = workload("rolls", "two");
    made.push(await provider.update({ urn: "urn", state, inputs, ignoreChanges: [], timeout: 60, preview: false }));
    expect(statuses).toContainEqual("0 of 2 new pods available, 2 old ones still there");
    expect(statuses.filter((status) => /[34] of 2/.test(status))).toEqual([]);
  });

  it("a failed Job is replaced by the next update where pulumi.com/replaceUnready asks for it", async () => {
    const env = [{ name: "GO", valueFrom: { configMapKeyRef: { name: "switch", key: "go", optional: true } } }];
    const main = {
      name: "main",
      image: on.image,
      imagePullPolicy: "IfNotPresent",
      args: ["-e", "process.exit(process.env.GO ? 0 : 3)"],
      env,
    };
    const template = { spec: { restartPolicy: "Never", automountServiceAccountToken: false, containers: [main] } };
    const job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: metadata("job", { "pulumi.com/replaceUnready": "true" }),
      spec: { backoffLimit: 0, template },
    };
    stack.declare([...reporting, { name: "job", object: job }]);
    const { all } = await up().catch((error) => error);
    expect(all).toMatch(/Job features\/job cannot become ready: BackoffLimitExceeded: Job has reached the specified backoff limit/);
    expect(await stack.steps()).toEqual({ job: 'replace, update-replace metadata.annotations["pulumi.com/replaceUnready"]' });
    await on.kubectl("create", "configmap", "switch", "-n", namespace, "--from-literal=go=yes");
    expect((await up()).all).toContain("+-1 replaced");
    expect(await stack.steps()).toEqual({});
  });
});
