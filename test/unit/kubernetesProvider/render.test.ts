import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KubernetesProvider } from "../../../tools/kubernetes-provider/provider.ts";
import { type Props, Secret } from "../../../tools/kubernetes-provider/values.ts";
import { checked } from "./provider.ts";

describe("renderYamlToDirectory", () => {
  let directory: string;
  let provider: KubernetesProvider;
  let told: string[];
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "rendered-"));
    told = [];
    provider = new KubernetesProvider({ status: () => {}, log: (_urn, severity, message) => told.push(`${severity}: ${message}`) });
    await provider.configure({ renderYamlToDirectory: directory });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const configMap: Props = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { key: "one" } };
  const file = (path: string) => readFileSync(join(directory, path), "utf8");
  const create = async (news: Props, preview = false) =>
    provider.create({ urn: "urn", inputs: await checked(provider, news), timeout: 0, preview });

  it("writes each object to a file of its own, without a cluster, and a definition before what it defines", async () => {
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.example.com" },
    };
    await create(definition);
    await create({ apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w", namespace: "shop" } });
    const { id, properties } = await create(configMap);
    expect(id).toBe("default/c");
    expect((properties.__inputs as Props).data).toEqual({ key: "one" });
    expect(file("0-crd/apiextensions.k8s.io_v1-customresourcedefinition-default-widgets.example.com.yaml")).toContain(
      "widgets.example.com",
    );
    expect(file("1-manifest/example.com_v1-widget-shop-w.yaml")).toContain("namespace: shop");
    expect(file("1-manifest/v1-configmap-default-c.yaml")).toBe(
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: default\ndata:\n  key: one\n",
    );
  });

  it("writes nothing in a preview", async () => {
    await create(configMap, true);
    expect(existsSync(join(directory, "1-manifest"))).toBe(false);
  });

  it("rewrites a file whose object changed, and removes that of one that is gone", async () => {
    const service: Props = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s" },
      spec: { ports: [{ port: 80 }], externalName: "x" },
    };
    const { properties: state } = await create(service);
    const inputs = await checked(provider, { ...service, spec: { ports: [{ port: 81 }] } });
    const { changes } = await provider.diff({ urn: "urn", state, inputs, ignoreChanges: [] });
    expect(changes.map(({ path, what }) => [path.join("."), what])).toEqual([
      ["spec.externalName", "delete"],
      ["spec.ports.0.port", "update"],
    ]);
    const changed = await provider.update({ urn: "urn", state, inputs, ignoreChanges: [], timeout: 0, preview: false });
    expect(file("1-manifest/v1-service-default-s.yaml")).toContain("port: 81");
    expect(await provider.read({ urn: "urn", type: "", id: "default/s", state: changed, inputs })).toMatchObject({ properties: changed });
    await provider.remove({ urn: "urn", state: changed, timeout: 0 });
    expect(existsSync(join(directory, "1-manifest/v1-service-default-s.yaml"))).toBe(false);
  });

  it("warns that secrets are in the clear there", async () => {
    await create({ apiVersion: "v1", kind: "Secret", metadata: { name: "key" }, stringData: new Secret({ token: "hidden" }) });
    const path = join(directory, "1-manifest/v1-secret-default-key.yaml");
    expect(told).toEqual([`warning: ${path} holds secret values of Secret default/key in the clear`]);
  });
});
