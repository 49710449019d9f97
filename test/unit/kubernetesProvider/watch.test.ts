import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";
import { type FakeServer, failure, fakeServer, json } from "./fakeServer.ts";
import { configured, messageOf } from "./provider.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "shop", uid: "u" } };
const inputs: Props = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "shop" } };
const pending = { ...pod, metadata: { ...pod.metadata, resourceVersion: "5" }, status: { phase: "Pending" } };
const isReady = {
  ...pod,
  metadata: { ...pod.metadata, resourceVersion: "9" },
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
};
const list = (...items: unknown[]) => ({ apiVersion: "v1", kind: "PodList", metadata: { resourceVersion: "7" }, items });

function event(response: ServerResponse, type: string, object: unknown): void {
  if (!response.headersSent) response.writeHead(200, { "content-type": "application/json" });
  response.write(`${JSON.stringify({ type, object })}\n`);
}

describe("waiting", () => {
  let server: FakeServer;
  afterEach(() => server.close());

  /** Creates the pod against a server whose watches of pods are answered by `onWatch`, in turn. */
  async function waitFor(...onWatch: ((response: ServerResponse) => void)[]) {
    server = await fakeServer((request, response) => {
      const url = request.url ?? "";
      if (request.method === "PATCH") json(response, 201, pending);
      else if (url.includes("/events")) url.includes("watch=true") ? response.writeHead(200).flushHeaders() : json(response, 200, list());
      else if (url.includes("watch=true")) onWatch.length > 1 ? onWatch.shift()?.(response) : onWatch[0]?.(response);
      else json(response, 200, list(isReady));
    });
    const { provider, told } = await configured(server.kubeconfig);
    const creating = provider.create({ urn: "urn", inputs, timeout: 5, preview: false });
    const pods = () => server.requests.filter((request) => request.startsWith("GET /api/v1/namespaces/shop/pods"));
    return { provider, told, creating, pods };
  }

  it("watches from where the apply left off, lists nothing, and ends the moment the object is ready", async () => {
    const { creating, pods } = await waitFor((response) => event(response, "MODIFIED", isReady));
    expect((await creating).properties.status).toEqual(isReady.status);
    expect(pods()).toEqual([
      "GET /api/v1/namespaces/shop/pods?fieldSelector=metadata.name=p&watch=true&allowWatchBookmarks=true&resourceVersion=5",
    ]);
  });

  it("opens a closed watch again where it ended", async () => {
    const { creating, pods } = await waitFor(
      (response) => {
        event(response, "BOOKMARK", { metadata: { resourceVersion: "6" } });
        response.end();
      },
      (response) => event(response, "MODIFIED", isReady),
    );
    await creating;
    expect(pods().map((request) => request.match(/resourceVersion=\d+/)?.[0])).toEqual(["resourceVersion=5", "resourceVersion=6"]);
  });

  it("lists anew when the history has expired", async () => {
    const { creating, pods } = await waitFor((response) =>
      event(response, "ERROR", { kind: "Status", code: 410, reason: "Expired", metadata: {} }),
    );
    await creating;
    expect(pods()[1]).toBe("GET /api/v1/namespaces/shop/pods?fieldSelector=metadata.name=p");
  });

  it("outlives a server that goes away and comes back", async () => {
    const { creating } = await waitFor(
      (response) => response.socket?.destroy(),
      (response) => failure(response, 503, "shutting down"),
      (response) => event(response, "MODIFIED", isReady),
    );
    expect((await creating).id).toBe("shop/p");
  });

  it("ends when the object is deleted meanwhile", async () => {
    const { creating } = await waitFor((response) => event(response, "DELETED", pending));
    expect(await messageOf(creating)).toBe("Pod shop/p was deleted while it was awaited");
  });

  it("ends when the engine cancels, with what is there kept in state", async () => {
    const { creating, provider } = await waitFor((response) => response.writeHead(200).flushHeaders());
    setTimeout(() => provider.cancel(), 30);
    await expect(creating).rejects.toMatchObject({ message: "cancelled while waiting for Pod shop/p to become ready", id: "shop/p" });
    expect(await messageOf(provider.create({ urn: "urn", inputs, timeout: 5, preview: false }))).toBe(
      "cancelled while starting an operation",
    );
  });

  it("is left out where pulumi.com/skipAwait says so", async () => {
    const { provider } = await waitFor((response) => event(response, "MODIFIED", isReady));
    const metadata = { name: "p", namespace: "shop", annotations: { "pulumi.com/skipAwait": "true" } };
    const { properties } = await provider.create({ urn: "urn", inputs: { ...inputs, metadata }, timeout: 5, preview: false });
    expect(properties.status).toEqual({ phase: "Pending" });
  });
});

describe("deleting", () => {
  let server: FakeServer;
  afterEach(() => server.close());
  const state: Props = { ...(pending as unknown as Props), __inputs: inputs };
  const finalizing = { ...pending, metadata: { ...pending.metadata, finalizers: ["example.com/hold"] } };

  async function deleting(onDelete: (response: ServerResponse) => void, onWatch: (response: ServerResponse) => void = () => {}) {
    let sent = "";
    server = await fakeServer((request, response, body) => {
      if (request.method !== "DELETE") return onWatch(response);
      sent = body;
      onDelete(response);
    });
    const { provider, told } = await configured(server.kubeconfig);
    return { removed: provider.remove({ urn: "urn", state, timeout: 0.2 }), told, sent: () => JSON.parse(sent) };
  }

  it("takes what the object owns with it, and waits until it is gone", async () => {
    const { removed, sent, told } = await deleting(
      (response) => json(response, 200, finalizing),
      (response) => event(response, "DELETED", finalizing),
    );
    await removed;
    expect(sent()).toEqual({ kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Foreground" });
    expect(told.statuses).toEqual([]);
  });

  it("is done at once where the server says so, or the object was gone already", async () => {
    await (await deleting((response) => json(response, 200, { kind: "Status", status: "Success" }))).removed;
    await server.close();
    await (await deleting((response) => failure(response, 404, "not found"))).removed;
    expect(server.requests).toEqual(["DELETE /api/v1/namespaces/shop/pods/p"]);
  });

  it("is done when another object has taken the name", async () => {
    const { removed } = await deleting(
      (response) => json(response, 200, finalizing),
      (response) => event(response, "MODIFIED", { ...pending, metadata: { ...pending.metadata, uid: "other" } }),
    );
    await removed;
  });

  it("names the finalizers that hold it up", async () => {
    const { removed } = await deleting(
      (response) => json(response, 200, finalizing),
      (response) => response.writeHead(200).flushHeaders(),
    );
    expect(await messageOf(removed)).toBe("Pod shop/p is not gone within 0.2 s: waiting for its finalizers example.com/hold");
  });
});
