import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubernetesProvider } from "../../../tools/kubernetes-provider/provider.ts";
import { Secret, unknown } from "../../../tools/kubernetes-provider/values.ts";
import { type FakeServer, failure, fakeServer, json } from "./fakeServer.ts";
import { checked, configured, messageOf } from "./provider.ts";

const gateways = { resources: [{ name: "gatewayclasses", kind: "GatewayClass", namespaced: false }] };

describe("checked inputs", () => {
  let server: FakeServer;
  let provider: KubernetesProvider;
  beforeAll(async () => {
    server = await fakeServer((request, response) =>
      request.url === "/apis/gateway.networking.k8s.io/v1" ? json(response, 200, gateways) : failure(response, 404, "not found"),
    );
    ({ provider } = await configured(server.kubeconfig));
  });
  afterAll(() => server.close());

  const configMap = { apiVersion: "v1", kind: "ConfigMap" };

  it("name an object after its resource, remember that, and put it into the default namespace", async () => {
    const inputs = await checked(provider, { ...configMap, data: { key: "one" } }, {}, new Uint8Array([1]));
    expect(inputs).toEqual({
      ...configMap,
      data: { key: "one" },
      metadata: { name: "thing-9d895102", namespace: "default", annotations: { "pulumi.com/autonamed": "true" } },
    });
  });

  it("are the same for the same seed, and others for another", async () => {
    const names = await Promise.all([1, 1, 2].map((seed) => checked(provider, configMap, {}, new Uint8Array([seed]))));
    expect(names[0]).toEqual(names[1]);
    expect(names[0]).not.toEqual(names[2]);
  });

  it("have the same generated name at every attempt of a stack, another one in another stack and for a replacement", async () => {
    const nameAt = async (identity: string, old?: unknown) => {
      const { provider: attempt } = await configured(server.kubeconfig, identity);
      const named = async (olds: object) =>
        (await checked(attempt, configMap, { ...olds }, new Uint8Array([1]))).metadata as { name: string };
      // A replacement is checked with its old state first, then without.
      if (old) await named({ ...configMap, metadata: { name: old, annotations: { "pulumi.com/autonamed": "true" } } });
      return (await named({})).name;
    };
    const first = await nameAt("stack-1");
    expect(await nameAt("stack-1")).toBe(first);
    expect(await nameAt("stack-2")).not.toBe(first);
    const second = await nameAt("stack-1", first);
    expect(second).not.toBe(first);
    expect(await nameAt("stack-1", first)).toBe(second);
  });

  it("keep the generated name of the object that is there", async () => {
    const olds = {
      ...configMap,
      metadata: { name: "thing-12345678", namespace: "default", annotations: { "pulumi.com/autonamed": "true" } },
    };
    expect(await checked(provider, configMap, olds)).toEqual(olds);
  });

  it("take the engine's proposal for a name, and refuse where automatic names are switched off", async () => {
    const request = { urn: "urn", type: "kubernetes:core/v1:ConfigMap", name: "thing", olds: {}, news: configMap, seed: new Uint8Array() };
    const named = await provider.check({ ...request, autonaming: { mode: "enforce", proposed: "shop-thing" } });
    expect(named.metadata).toEqual({ name: "shop-thing", namespace: "default", annotations: { "pulumi.com/autonamed": "true" } });
    expect(await messageOf(provider.check({ ...request, autonaming: { mode: "disable", proposed: "" } }))).toBe(
      "metadata.name is missing, and automatic names are switched off (pulumi:autonaming)",
    );
  });

  it("give cluster-scoped kinds no namespace, Kubernetes' own without asking the server and others by its discovery", async () => {
    const role = await checked(provider, { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "reader" } });
    const gatewayClass = await checked(provider, {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "GatewayClass",
      metadata: { name: "edge" },
    });
    expect([role.metadata, gatewayClass.metadata]).toEqual([{ name: "reader" }, { name: "edge" }]);
    expect(server.requests).toEqual(["GET /apis/gateway.networking.k8s.io/v1"]);
  });

  it("know the scope of a kind that the same program defines", async () => {
    const spec = { group: "example.com", scope: "Cluster", names: { plural: "widgets", kind: "Widget" }, versions: [] };
    await checked(provider, {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.example.com" },
      spec,
    });
    const widget = await checked(provider, { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "one" } });
    expect(widget.metadata).toEqual({ name: "one" });
  });

  it("turn a Secret's stringData into data, all of it secret", async () => {
    const inputs = await checked(provider, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "key" },
      stringData: { token: "abc", later: unknown },
    });
    expect(inputs).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "key", namespace: "default" },
      data: new Secret({ token: "YWJj", later: unknown }),
    });
  });

  it("drop what means the same as nothing, and keep what does not", async () => {
    const metadata = { name: "web", namespace: "shop", labels: {}, resourceVersion: "7", uid: "u" };
    const container = { name: "main", env: [], stdin: false, resources: { limits: {} } };
    const spec = {
      replicas: 0,
      template: {
        spec: { hostNetwork: false, automountServiceAccountToken: false, volumes: [{ name: "v", emptyDir: {} }], containers: [container] },
      },
    };
    expect(await checked(provider, { apiVersion: "apps/v1", kind: "Deployment", metadata, spec })).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "shop" },
      spec: {
        replicas: 0,
        template: {
          spec: {
            automountServiceAccountToken: false,
            volumes: [{ name: "v", emptyDir: {} }],
            containers: [{ name: "main", resources: {} }],
          },
        },
      },
    });
  });

  it("keep secrets secret where they stand", async () => {
    const inputs = await checked(provider, { ...configMap, metadata: { name: "c" }, data: { open: "a", hidden: new Secret("b") } });
    expect(inputs.data).toEqual({ open: "a", hidden: new Secret("b") });
  });

  it.each([
    [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "x-" } },
      "metadata.generateName cannot be used with server-side apply; leave metadata.name out to get a generated name",
    ],
    [
      { apiVersion: "v1", kind: "ConfigMapList", items: [] },
      "kubernetes:core/v1:ConfigMapList: a list is not an object of the cluster; declare its items one by one",
    ],
  ])("refuse %j", async (inputs, message) => {
    expect(await messageOf(checked(provider, inputs))).toBe(message);
  });

  it("refuse what only the official provider can do, by name", async () => {
    const request = { urn: "urn", name: "thing", olds: {}, seed: new Uint8Array() };
    expect(await messageOf(provider.check({ ...request, type: "kubernetes:helm.sh/v3:Release", news: { chart: "nginx" } }))).toBe(
      "kubernetes:helm.sh/v3:Release is no kind of Kubernetes but a feature which only the official Kubernetes provider (pulumi-resource-kubernetes) carries out",
    );
  });
});
