import { afterEach, describe, expect, it } from "vitest";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";
import { type Answer, type FakeServer, failure, fakeServer, json } from "./fakeServer.ts";
import { configured, messageOf } from "./provider.ts";

const API_VERSIONS: Record<string, string> = { Job: "batch/v1", Deployment: "apps/v1", Widget: "example.com/v1" };

/** Inputs of a thing with these annotations of `pulumi.com`. */
function inputsOf(kind: string, annotations: Record<string, string>): Props {
  const prefixed = Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`pulumi.com/${name}`, value]));
  return { apiVersion: API_VERSIONS[kind] ?? "v1", kind, metadata: { name: "thing", namespace: "shop", annotations: prefixed } };
}

function stateOf(inputs: Props, more: Props = {}): Props {
  return { ...inputs, metadata: { ...(inputs.metadata as Props), uid: "u", resourceVersion: "5" }, ...more, __inputs: inputs };
}

describe("pulumi.com/replaceUnready", () => {
  let server: FakeServer;
  afterEach(() => server?.close());

  /** What a preview without any change in the program would do, where the object is now like this. */
  async function diff(kind: string, live: Props | undefined, annotations: Record<string, string> = { replaceUnready: "true" }) {
    const inputs = inputsOf(kind, annotations);
    server = await fakeServer((_request, response) =>
      live ? json(response, 200, { ...inputs, ...live }) : failure(response, 404, "gone"),
    );
    const { provider, told } = await configured(server.kubeconfig);
    const { changes, deleteBeforeReplace } = await provider.diff({ urn: "urn", state: stateOf(inputs), inputs, ignoreChanges: [] });
    return { changes, deleteBeforeReplace, told };
  }
  const job = (condition?: string): Props => ({ status: condition ? { conditions: [{ type: condition, status: "True" }] } : {} });
  const replacement = [{ path: ["metadata", "annotations", "pulumi.com/replaceUnready"], what: "update", replaces: true }];

  it.each<[string, Props]>([
    ["failed", job("Failed")],
    ["still runs", job()],
  ])("replaces a Job that %s, the old one first where both have one name", async (_, live) => {
    const { changes, deleteBeforeReplace } = await diff("Job", live);
    expect(changes).toEqual(replacement);
    expect(deleteBeforeReplace).toBe(true);
  });

  it("makes the new Job first where its name was chosen for it", async () => {
    const { deleteBeforeReplace } = await diff("Job", job("Failed"), { replaceUnready: "true", autonamed: "true" });
    expect(deleteBeforeReplace).toBe(false);
  });

  it.each<[string, Props | undefined]>([
    ["is complete", job("Complete")],
    ["is suspended", { spec: { suspend: true } }],
    ["is gone", undefined],
  ])("leaves a Job that %s", async (_, live) => {
    expect((await diff("Job", live)).changes).toEqual([]);
  });

  it("leaves a failed Job without it", async () => {
    expect((await diff("Job", job("Failed"), {})).changes).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it("says that it does nothing for other kinds", async () => {
    const { changes, told } = await diff("Deployment", { status: {} });
    expect(changes).toEqual([]);
    expect(told.messages).toEqual(["warning: the annotation pulumi.com/replaceUnready is for Jobs; it does nothing for a Deployment"]);
  });
});

describe("a deletion", () => {
  let server: FakeServer;
  afterEach(() => server?.close());

  interface Deletion {
    kind?: string;
    annotations?: Record<string, string>;
    /** How the object is now. */
    live?: Props;
    timeout?: number;
    /** What the server answers to the deletion, if it is not still there afterwards. */
    onDelete?: Answer;
  }

  /** Deletes an object that does not go away, and returns what was sent and how it ended. */
  async function deletion({ kind = "ConfigMap", annotations = {}, live = {}, timeout = 0.1, onDelete }: Deletion) {
    const state = stateOf(inputsOf(kind, annotations));
    const { __inputs: _, ...object } = state;
    const now = { ...object, ...live, metadata: { ...(object.metadata as Props), ...(live.metadata as Props) } };
    const sent: Props[] = [];
    server = await fakeServer((request, response, body) => {
      if (request.url === "/apis/example.com/v1") {
        return json(response, 200, { resources: [{ name: "widgets", kind: "Widget", namespaced: true }] });
      }
      if (request.url?.includes("watch=true")) return response.writeHead(200).flushHeaders();
      if (request.method !== "DELETE") return json(response, 200, now);
      sent.push(JSON.parse(body));
      if (onDelete && sent.length === 1) return onDelete(request, response, body);
      json(response, 200, now);
    });
    const { provider } = await configured(server.kubeconfig);
    const ended = await messageOf(provider.remove({ urn: "urn", state, timeout }));
    return { policies: sent.map(({ propagationPolicy }) => propagationPolicy), preconditions: sent[0]?.preconditions, ended };
  }

  const notGone = (seconds: number | string) => `ConfigMap shop/thing is not gone within ${seconds} s: waiting until it is gone`;
  const ours = { metadata: { managedFields: [{ manager: "pulumi-kubernetes-0a1b2c3d", operation: "Apply" }], resourceVersion: "8" } };
  const operators = { metadata: { managedFields: [...ours.metadata.managedFields, { manager: "operator", operation: "Update" }] } };

  it.each([
    ["background", "Background"],
    ["Orphan", "Orphan"],
    ["foreground", "Foreground"],
    ["nonsense", "Foreground"],
  ])("follows pulumi.com/deletionPropagationPolicy: %s is %s", async (policy, sent) => {
    expect((await deletion({ annotations: { deletionPropagationPolicy: policy } })).policies).toEqual([sent]);
  });

  it("takes what the object owns with it first, without that annotation", async () => {
    expect(await deletion({})).toEqual({ policies: ["Foreground"], preconditions: undefined, ended: notGone(0.1) });
  });

  it("does not wait for the garbage collector to learn of a new kind, where only Pulumi ever wrote to the object", async () => {
    expect(await deletion({ kind: "Widget", live: ours })).toMatchObject({
      policies: ["Background"],
      preconditions: { resourceVersion: "8" },
    });
  });

  it.each<[string, Props]>([
    ["another manager wrote", operators],
    ["a status was reported", { ...ours, status: { ready: true } }],
    ["a finalizer stands", { metadata: { ...ours.metadata, finalizers: ["example.com/clean"] } }],
    ["nobody kept a record", {}],
  ])("waits for what a custom resource owns where %s", async (_, live) => {
    expect((await deletion({ kind: "Widget", live })).policies).toEqual(["Foreground"]);
  });

  it("waits for what a custom resource owns where a controller was quicker", async () => {
    const { policies } = await deletion({ kind: "Widget", live: ours, onDelete: (_, response) => failure(response, 409, "changed") });
    expect(policies).toEqual(["Background", "Foreground"]);
  });

  it.each([
    ["Deployment", "no error"],
    ["Job", "no error"],
    ["ConfigMap", notGone(0.1)],
  ])("heeds pulumi.com/skipAwait for the kinds that the official provider does: %s ends with %s", async (kind, ended) => {
    expect((await deletion({ kind, annotations: { skipAwait: "true" } })).ended).toBe(ended);
  });

  it("takes as long as customTimeouts say, else pulumi.com/timeoutSeconds", async () => {
    expect((await deletion({ annotations: { timeoutSeconds: "900" }, timeout: 0.1 })).ended).toBe(notGone(0.1));
    expect((await deletion({ annotations: { timeoutSeconds: "0.2" }, timeout: 0 })).ended).toBe(notGone(0.2));
  });
});

describe("a wait", () => {
  let server: FakeServer;
  afterEach(() => server?.close());

  it.each(["create", "update"] as const)(
    "to be ready takes, on %s, as long as customTimeouts say, else pulumi.com/timeoutSeconds",
    async (operation) => {
      server = await fakeServer((request, response, body) => {
        if (request.method === "PATCH") return json(response, 201, JSON.parse(body));
        if (request.url?.includes("watch=true")) return response.writeHead(200).flushHeaders();
        json(response, 200, { apiVersion: "v1", kind: "EventList", metadata: {}, items: [] });
      });
      const { provider } = await configured(server.kubeconfig);
      const ended = (annotations: Record<string, string>, timeout: number) => {
        const inputs = inputsOf("Pod", annotations);
        const request = { urn: "urn", inputs, timeout, preview: false };
        return messageOf(
          operation === "create" ? provider.create(request) : provider.update({ ...request, state: stateOf(inputs), ignoreChanges: [] }),
        );
      };
      expect(await ended({ timeoutSeconds: "900" }, 0.1)).toBe("Pod shop/thing was not ready within 0.1 s: pod is Pending");
      expect(await ended({ timeoutSeconds: "0.2" }, 0)).toBe("Pod shop/thing was not ready within 0.2 s: pod is Pending");
      expect(await ended({ timeoutSeconds: "0.2", skipAwait: "true" }, 0)).toBe("no error");
    },
  );
});
