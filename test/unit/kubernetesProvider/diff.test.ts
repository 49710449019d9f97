import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { outputs } from "../../../tools/kubernetes-provider/checkpoint.ts";
import type { KubeObject } from "../../../tools/kubernetes-provider/objects.ts";
import { formatPath, parsePath, type Step, valueAt } from "../../../tools/kubernetes-provider/paths.ts";
import type { KubernetesProvider } from "../../../tools/kubernetes-provider/provider.ts";
import { type Props, Secret, unknown } from "../../../tools/kubernetes-provider/values.ts";
import { type FakeServer, failure, fakeServer, json } from "./fakeServer.ts";
import { configured } from "./provider.ts";

const MANAGER = "pulumi-kubernetes-00000000";

/** The state of an object that our manager applied exactly as the inputs say. */
function stateOf(inputs: Props, fields: Record<string, unknown> = everything(inputs)): Props {
  const metadata = { ...(inputs.metadata as Props), managedFields: [{ manager: MANAGER, operation: "Apply", fieldsV1: fields }] };
  const live = { ...inputs, metadata } as unknown as KubeObject;
  return outputs(live, { inputs, fieldManager: MANAGER, initialApiVersion: String(inputs.apiVersion) });
}

function everything(value: Props): Record<string, unknown> {
  return Object.fromEntries(Object.keys(value).map((key) => [`f:${key}`, {}]));
}

const configMap: Props = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "shop" }, data: { key: "one" } };
const service: Props = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "s", namespace: "shop" },
  spec: { selector: { app: "stable" }, ports: [{ port: 80 }] },
};
const deployment: Props = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", namespace: "shop" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "d" } },
    template: {
      metadata: { labels: { app: "d" } },
      spec: { containers: [{ name: "main", image: "x", resources: { limits: { cpu: "1" } } }] },
    },
  },
};
const priorityClass: Props = {
  apiVersion: "scheduling.k8s.io/v1",
  kind: "PriorityClass",
  metadata: { name: "p" },
  value: 1,
  description: "a",
};

/** A copy with other values at some paths; undefined takes a value out. */
function edited(inputs: Props, changes: Record<string, unknown>): Props {
  const copy = structuredClone(inputs);
  for (const [text, value] of Object.entries(changes)) {
    const path = parsePath(text);
    const parent = valueAt(copy, path.slice(0, -1)) as Record<Step, unknown>;
    const last = path.at(-1) as Step;
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return copy;
}

describe("the difference between state and program", () => {
  let server: FakeServer;
  let provider: KubernetesProvider;
  beforeAll(async () => {
    server = await fakeServer((_request, response) => json(response, 200, {}));
    ({ provider } = await configured(server.kubeconfig));
  });
  afterAll(() => server.close());

  async function differenceOf(state: Props, inputs: Props, ignoreChanges: string[] = []) {
    server.requests = [];
    const { changes, deleteBeforeReplace } = await provider.diff({ urn: "urn", state, inputs, ignoreChanges });
    const told = changes.map(({ path, what, replaces }) => `${what}${replaces ? "-replace" : ""} ${formatPath(path)}`);
    return { changes: told, deleteBeforeReplace, requests: server.requests };
  }
  const inPlace = (...changes: string[]) => ({ changes, deleteBeforeReplace: false, requests: [] });

  it("is nothing where the inputs are the same, and the server is not asked", async () => {
    expect(await differenceOf(stateOf(deployment), structuredClone(deployment))).toEqual(inPlace());
  });

  it("is a change in place for a Service's selector, and the server is not asked", async () => {
    const news = edited(service, { "spec.selector.app": "fallback" });
    expect(await differenceOf(stateOf(service), news)).toEqual(inPlace("update spec.selector.app"));
  });

  it("names what is added at the place where nothing was, lists by index, and quotes keys with dots", async () => {
    const news = edited(deployment, {
      "metadata.annotations": { note: "hello" },
      'spec.template.metadata.labels["a.b/c"]': "d",
      "spec.template.spec.containers[1]": { name: "second", image: "y" },
    });
    expect(await differenceOf(stateOf(deployment), news)).toEqual(
      inPlace("add metadata.annotations", 'add spec.template.metadata.labels["a.b/c"]', "add spec.template.spec.containers[1]"),
    );
  });

  it("is a replacement for the data of a ConfigMap, deleted first because its name stays", async () => {
    const news = edited(configMap, { "data.key": "two" });
    expect(await differenceOf(stateOf(configMap), news)).toEqual({
      changes: ["update-replace data.key"],
      deleteBeforeReplace: true,
      requests: [],
    });
  });

  it("creates the replacement first where the name is generated", async () => {
    const named = edited(configMap, { "metadata.annotations": { "pulumi.com/autonamed": "true" } });
    const news = edited(named, { "data.key": "two" });
    expect((await differenceOf(stateOf(named), news)).deleteBeforeReplace).toBe(false);
  });

  it("creates the replacement first where the name changes", async () => {
    const news = edited(configMap, { "metadata.name": "other" });
    expect(await differenceOf(stateOf(configMap), news)).toEqual(inPlace("update-replace metadata.name"));
  });

  it("replaces a Deployment whose selector changes, and says so of the selector alone", async () => {
    const news = edited(deployment, { "spec.selector.matchLabels.app": "e", "spec.template.metadata.labels.app": "e" });
    expect((await differenceOf(stateOf(deployment), news)).changes).toEqual([
      "update-replace spec.selector.matchLabels.app",
      "update spec.template.metadata.labels.app",
    ]);
  });

  it("counts a secret that did not change as the same, and one that did without showing it", async () => {
    const secret: Props = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "shop" },
      data: new Secret({ token: "YQ==" }),
    };
    expect((await differenceOf(stateOf(secret), secret)).changes).toEqual([]);
    const news = { ...secret, data: new Secret({ token: "Yg==" }) };
    expect((await differenceOf(stateOf(secret), news)).changes).toEqual(["update-replace data.token"]);
  });

  it("counts a value that is not known yet as changed", async () => {
    const news = edited(service, { "spec.selector.app": unknown });
    expect((await differenceOf(stateOf(service), news)).changes).toEqual(["update spec.selector.app"]);
  });

  it("counts amounts that are written differently as the same", async () => {
    const news = edited(deployment, { "spec.template.spec.containers[0].resources.limits.cpu": "1000m" });
    expect((await differenceOf(stateOf(deployment), news)).changes).toEqual([]);
  });

  it("leaves out what ignoreChanges lists", async () => {
    const news = edited(deployment, { "spec.replicas": 5, "spec.template.spec.containers[0].image": "y" });
    expect((await differenceOf(stateOf(deployment), news, ["spec.replicas", "spec.template.spec.containers[*].image"])).changes).toEqual(
      [],
    );
  });

  it("is nothing where a field leaves the inputs that this stack never held: it stays on the server", async () => {
    const news = edited(deployment, { "spec.replicas": undefined });
    const imported = stateOf(deployment, { "f:spec": { "f:selector": {}, "f:template": {} } });
    expect((await differenceOf(imported, news)).changes).toEqual([]);
    expect((await differenceOf(stateOf(deployment), news)).changes).toEqual(["delete spec.replicas"]);
  });

  it("asks the server about kinds whose immutable fields are not known here, and replaces what it refuses", async () => {
    server.answer = (_request, response) =>
      failure(response, 422, 'PriorityClass "p" is invalid: value: Forbidden: may not be changed in an update.', {
        details: { causes: [{ field: "value" }] },
      });
    const news = edited(priorityClass, { value: 2, description: "b" });
    expect(await differenceOf(stateOf(priorityClass), news)).toEqual({
      changes: ["update description", "update-replace value"],
      deleteBeforeReplace: true,
      requests: [`PATCH /apis/scheduling.k8s.io/v1/priorityclasses/p?fieldManager=${MANAGER}&force=true&fieldValidation=Warn&dryRun=All`],
    });
  });

  it("leaves other refusals to the update, which explains them", async () => {
    server.answer = (_request, response) => failure(response, 422, 'PriorityClass "p" is invalid: description: Too long');
    const news = edited(priorityClass, { description: "b" });
    expect((await differenceOf(stateOf(priorityClass), news)).changes).toEqual(["update description"]);
  });
});
