import { afterEach, describe, expect, it } from "vitest";
import type { NotReady } from "../../../tools/kubernetes-provider/errors.ts";
import { type Props, Secret, unknown } from "../../../tools/kubernetes-provider/values.ts";
import { type Answer, type FakeServer, failure, fakeServer, json, kubeconfigFor } from "./fakeServer.ts";
import { checked, configured, messageOf } from "./provider.ts";

const configMap: Props = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "shop" }, data: { key: "one" } };
const namespace: Props = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
const PATCH =
  /^PATCH \/api\/v1\/namespaces\/shop\/configmaps\/c\?fieldManager=pulumi-kubernetes-[0-9a-f]{8}&force=false&fieldValidation=Warn$/;

describe("an apply", () => {
  let server: FakeServer;
  afterEach(() => server.close());
  const against = async (answer: Answer) => {
    server = await fakeServer(answer);
    return configured(server.kubeconfig);
  };
  const echo: Answer = (_request, response, body) => json(response, 201, JSON.parse(body));
  const created = (inputs: Props) => ({ urn: "urn", inputs, timeout: 5, preview: false });

  it("is one request by a field manager of the resource's own, and state keeps it in the official shape", async () => {
    const { provider } = await against(echo);
    const { id, properties } = await provider.create(created(configMap));
    expect(id).toBe("shop/c");
    expect(server.requests).toEqual([expect.stringMatching(PATCH)]);
    expect(properties).toEqual({
      ...configMap,
      __fieldManager: expect.stringMatching(/^pulumi-kubernetes-[0-9a-f]{8}$/),
      __initialApiVersion: "v1",
      __inputs: configMap,
    });
  });

  it("keeps its field manager for life", async () => {
    const { provider } = await against(echo);
    const { properties: state } = await provider.create(created(configMap));
    const update = { urn: "urn", state, inputs: { ...configMap, data: { key: "two" } }, ignoreChanges: [], timeout: 0, preview: false };
    expect((await provider.update(update)).__fieldManager).toBe(state.__fieldManager);
  });

  it("is read with that field manager also where whatever created it was killed before the state had it", async () => {
    server = await fakeServer((request, response, body) => json(response, 200, request.method === "PATCH" ? JSON.parse(body) : configMap));
    const { provider } = await configured(server.kubeconfig, "organization/project/stack");
    const { id, properties } = await provider.create(created(configMap));
    const found = await provider.read({ urn: "urn", type: "kubernetes:core/v1:ConfigMap", id, state: {}, inputs: configMap });
    expect(found?.properties).toEqual(properties);
  });

  it("is tried again when the server is busy, within what it asks for", async () => {
    let answers = 0;
    const { provider } = await against((request, response, body) => {
      answers++;
      if (answers === 1) failure(response, 429, "too many requests");
      else if (answers === 2) failure(response, 500, "etcdserver: leader changed");
      else if (answers === 3) request.socket.destroy();
      else echo(request, response, body);
    });
    await provider.create(created(configMap));
    expect(answers).toBe(4);
  });

  it("waits for a namespace that the program declares, and for no other", async () => {
    let exists = false;
    const { provider } = await against((request, response, body) => {
      if (exists) return echo(request, response, body);
      failure(response, 404, 'namespaces "shop" not found', { details: { kind: "namespaces", name: "shop" } });
    });
    expect(await messageOf(provider.create(created(configMap)))).toBe(
      'ConfigMap shop/c: namespace "shop" does not exist; declare it in the program or create it (kubectl create namespace shop)',
    );
    await checked(provider, namespace);
    const creating = provider.create(created(configMap));
    setTimeout(() => (exists = true), 60);
    expect((await creating).id).toBe("shop/c");
  });

  it("names the fields and the manager of a conflict, and what to do", async () => {
    const { provider } = await against((_request, response) =>
      failure(response, 409, "Apply failed with 2 conflicts", {
        details: {
          causes: [
            { reason: "FieldManagerConflict", message: 'conflict with "kubectl-edit" using v1', field: ".data.key" },
            { reason: "FieldManagerConflict", message: 'conflict with "kubectl-edit" using v1', field: ".data.other" },
          ],
        },
      }),
    );
    expect(await messageOf(provider.create(created(configMap)))).toBe(
      'ConfigMap shop/c: field manager "kubectl-edit" owns data.key, data.other. Leave those fields out of the program or list them in ignoreChanges ' +
        'if that manager shall keep them, or take them with the annotation pulumi.com/patchForce: "true"',
    );
  });

  it("takes the fields of others where pulumi.com/patchForce says so", async () => {
    const { provider } = await against(echo);
    await provider.create(
      created({ ...configMap, metadata: { name: "c", namespace: "shop", annotations: { "pulumi.com/patchForce": "true" } } }),
    );
    expect(server.requests).toEqual([expect.stringContaining("&force=true&")]);
  });

  it("passes on what the server warns of", async () => {
    const { provider, told } = await against((_request, response, body) =>
      json(response, 201, JSON.parse(body), { warning: '299 - "unknown field \\"spec.nope\\""' }),
    );
    await provider.create(created(configMap));
    expect(told.messages).toEqual(['warning: ConfigMap shop/c: unknown field "spec.nope"']);
  });

  it("says so when the object was there before", async () => {
    const { provider, told } = await against((_request, response, body) => {
      const object = JSON.parse(body);
      json(response, 200, { ...object, metadata: { ...object.metadata, managedFields: [{ manager: "kubectl", operation: "Update" }] } });
    });
    await provider.create(created(configMap));
    expect(told.messages).toEqual([
      "warning: ConfigMap shop/c was there already; this stack now manages the fields that it sets, and will delete it with the stack",
    ]);
  });

  it("says which kind is missing, and fails at once", async () => {
    const { provider } = await against((_request, response) => failure(response, 404, "not found"));
    const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w", namespace: "shop" } };
    expect(await messageOf(provider.create(created(widget)))).toMatch(
      /^Widget shop\/w: the server at http:\/\/127.0.0.1:\d+ has no kind Widget in example.com\/v1; install the CustomResourceDefinition that brings it, or correct apiVersion or kind$/,
    );
  });

  it("keeps the live value of an ignored field that is ours, and does not send one that another manager holds", async () => {
    const live = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "d",
        namespace: "shop",
        managedFields: [
          { manager: "pulumi-kubernetes-0", operation: "Apply", fieldsV1: { "f:spec": { "f:paused": {} } } },
          { manager: "kube-controller-manager", operation: "Update", subresource: "scale", fieldsV1: { "f:spec": { "f:replicas": {} } } },
        ],
      },
      spec: { replicas: 7, paused: true },
    };
    let sent: unknown;
    const { provider } = await against((request, response, body) => {
      if (request.method === "PATCH") sent = JSON.parse(body).spec;
      json(response, 200, live);
    });
    const inputs: Props = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d", namespace: "shop" },
      spec: { replicas: 1, paused: false },
    };
    const state: Props = { ...inputs, __fieldManager: "pulumi-kubernetes-0", __inputs: inputs };
    await provider.update({ urn: "urn", state, inputs, ignoreChanges: ["spec.replicas", "spec.paused"], timeout: 1, preview: true });
    expect(sent).toEqual({ paused: true });
  });
});

describe("a preview", () => {
  let server: FakeServer;
  afterEach(() => server.close());
  const preview = (inputs: Props) => ({ urn: "urn", inputs, timeout: 5, preview: true });
  const against = async (answer: Answer) => {
    server = await fakeServer(answer);
    return configured(server.kubeconfig);
  };

  it("is a dry run, of which nothing is promised that a real run chooses anew", async () => {
    const { provider } = await against((_request, response, body) => {
      const object = JSON.parse(body);
      const metadata = { ...object.metadata, uid: "u", creationTimestamp: "now", resourceVersion: "1", managedFields: [] };
      json(response, 201, { ...object, metadata, spec: { ...object.spec, clusterIP: "10.0.0.1" }, status: { loadBalancer: {} } });
    });
    const inputs: Props = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s", namespace: "shop" },
      spec: { ports: [{ port: 80 }] },
    };
    const { id, properties } = await provider.create(preview(inputs));
    expect(id).toBe("");
    expect(server.requests).toEqual([expect.stringMatching(/&dryRun=All$/)]);
    expect(properties).toMatchObject({
      metadata: { name: "s", namespace: "shop", uid: unknown, creationTimestamp: unknown, resourceVersion: unknown },
      spec: { ports: [{ port: 80 }], clusterIP: unknown },
    });
    expect(properties).not.toHaveProperty("status");
  });

  it("does not ask the server while something is unknown or the namespace is still to come", async () => {
    const { provider } = await against((_request, response) =>
      failure(response, 404, 'namespaces "shop" not found', { details: { kind: "namespaces" } }),
    );
    const later = { ...configMap, data: { key: unknown } };
    expect((await provider.create(preview(later))).properties).toEqual(later);
    expect(server.requests).toEqual([]);
    expect((await provider.create(preview(configMap))).properties).toEqual(configMap);
  });

  it("of a replacement tries fields that cannot change under a name that is free", async () => {
    const { provider } = await against((request, response, body) => {
      if (request.url?.includes("/configmaps/c?"))
        return failure(response, 422, "data: Forbidden: field is immutable when `immutable` is set");
      json(response, 201, JSON.parse(body));
    });
    const { properties } = await provider.create(preview(configMap));
    expect(properties).toMatchObject({ data: { key: "one" }, metadata: { name: "c" } });
    expect(server.requests[1]).toMatch(/\/configmaps\/c-[0-9a-f]{8}\?/);
  });

  it("of a replacement promises its inputs where no name is free", async () => {
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "gadgets.example.com" },
    };
    const { provider } = await against((request, response) => {
      const [field, message] = request.url?.includes("/gadgets.example.com?")
        ? ["spec.scope", "field is immutable"]
        : ["metadata.name", 'must be spec.names.plural+"."+spec.group'];
      failure(response, 422, `${field}: ${message}`, { details: { causes: [{ field, message }] } });
    });
    expect((await provider.create(preview(definition))).properties).toEqual(definition);
  });

  it("of a replacement is not stopped by who holds fields of the old object, that of a new one is", async () => {
    const cause = { reason: "FieldManagerConflict", message: 'conflict with "kubectl-edit"', field: ".data.key" };
    const { provider } = await against((request, response, body) => {
      if (request.url?.includes("force=false")) return failure(response, 409, "conflict", { details: { causes: [cause] } });
      json(response, 200, JSON.parse(body));
    });
    expect(await messageOf(provider.create(preview(configMap)))).toContain('field manager "kubectl-edit" owns data.key');
    const state: Props = { ...configMap, __inputs: configMap };
    const inputs = { ...configMap, data: { key: "two" } };
    expect((await provider.diff({ urn: "urn", state, inputs, ignoreChanges: [] })).deleteBeforeReplace).toBe(true);
    expect((await provider.create(preview(inputs))).properties).toMatchObject({ data: { key: "two" } });
  });
});

describe("a server that cannot be reached", () => {
  it("fails a preview with nothing to do, naming the address, the context and the way out", async () => {
    const gone = await fakeServer(() => {});
    const { provider } = await configured(gone.kubeconfig);
    await gone.close();
    const { provider: later } = await configured(gone.kubeconfig);
    const state: Props = { ...configMap, __inputs: configMap };
    expect(await messageOf(later.diff({ urn: "urn", state, inputs: configMap, ignoreChanges: [] }))).toMatch(
      /^the Kubernetes API server at http:\/\/127\.0\.0\.1:\d+ \(context "fake" of kubernetes:kubeconfig\) cannot be reached: nothing listens there \(connection refused\)\. Start that cluster \(this project's own: `npm run cluster -- start`\), or name another one with kubernetes:kubeconfig or kubernetes:context$/,
    );
    expect(provider).toBeDefined();
  });

  it.each([
    ["{", "kubernetes:kubeconfig: not a kubeconfig: Expected property name or '}' in JSON at position 1 (line 1 column 2)"],
    ["{}", "kubernetes:kubeconfig: not a kubeconfig: it has no clusters"],
    [
      kubeconfigFor("nonsense"),
      'context "fake" of kubernetes:kubeconfig: its cluster\'s server "nonsense" is not a URL such as https://127.0.0.1:6443',
    ],
    [
      kubeconfigFor("http://x").replace('"current-context":"fake"', '"current-context":"other"'),
      'kubernetes:kubeconfig: there is no current context "other"; it has "fake"',
    ],
  ])("is told from the kubeconfig %j that is wrong", async (kubeconfig, message) => {
    expect(await messageOf(configured(kubeconfig))).toBe(message);
  });
});

describe("an object that does not become ready", () => {
  it("stays in state with the reason, and secrets stay secret", async () => {
    const server = await fakeServer((request, response, body) => {
      if (request.url?.includes("watch=true")) response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
      else if (request.method === "PATCH") json(response, 201, { ...JSON.parse(body), status: { phase: "Pending" } });
      else json(response, 200, { kind: "List", apiVersion: "v1", metadata: { resourceVersion: "1" }, items: [] });
    });
    const { provider } = await configured(server.kubeconfig);
    const inputs: Props = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "shop" },
      spec: { containers: [{ name: "main", env: [{ name: "KEY", value: new Secret("hidden") }] }] },
    };
    const error = await provider.create({ urn: "urn", inputs, timeout: 0.2, preview: false }).catch((reason: NotReady) => reason);
    await server.close();
    expect(error).toMatchObject({ message: "Pod shop/p was not ready within 0.2 s: pod is Pending", id: "shop/p" });
    expect((error as NotReady).properties.spec).toEqual({
      containers: new Secret([{ name: "main", env: [{ name: "KEY", value: "hidden" }] }]),
    });
  });
});
