import { afterEach, describe, expect, it } from "vitest";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";
import { type FakeServer, failure, fakeServer, json } from "./fakeServer.ts";
import { configured, messageOf } from "./provider.ts";

const urn = "urn:pulumi:dev::shop::kubernetes:apps/v1:DeploymentPatch::web";
const type = "kubernetes:apps/v1:DeploymentPatch";
const metadata = { name: "web", namespace: "shop" };
const inputs: Props = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { paused: true } };
const live = { ...inputs, metadata: { ...metadata, uid: "u", creationTimestamp: "2020-01-01T00:00:00Z" } };

describe("a patch of an object that something else owns", () => {
  let server: FakeServer;
  afterEach(() => server?.close());

  /** A server that has the object, or does not. */
  async function having(object: Props | undefined) {
    const sent: string[] = [];
    server = await fakeServer((_request, response, body) => {
      if (!object) return failure(response, 404, "not found");
      if (body) sent.push(body);
      json(response, 200, object);
    });
    return { ...(await configured(server.kubeconfig)), sent };
  }
  const sentTo = (method: string) => server.requests.filter((request) => request.startsWith(method));

  it("has to name it, and gets no name of its own", async () => {
    const { provider } = await having(live);
    const check = (news: Props) => provider.check({ urn, type, name: "web", olds: {}, news, seed: new Uint8Array() });
    expect(await check(inputs)).toEqual(inputs);
    expect(await messageOf(check({ apiVersion: "apps/v1", kind: "Deployment" }))).toBe(
      "metadata.name is missing: a DeploymentPatch sets fields of a Deployment that is there already, and has to name it",
    );
  });

  it("sets its fields under a manager of its own, without a word about the object's age", async () => {
    const { provider, told } = await having(live);
    const { id, properties } = await provider.create({ urn, inputs, timeout: 1, preview: false });
    expect([id, properties.__fieldManager]).toEqual(["shop/web", expect.stringMatching(/^pulumi-kubernetes-[0-9a-f]{8}$/)]);
    expect(told.messages).toEqual([]);
  });

  it("creates nothing where there is no such object", async () => {
    const { provider } = await having(undefined);
    const missing =
      "Deployment shop/web does not exist, so no field of it can be set; make the DeploymentPatch depend on what creates it, or declare a Deployment instead";
    expect(await messageOf(provider.create({ urn, inputs, timeout: 1, preview: false }))).toBe(missing);
    const state = { ...inputs, __inputs: inputs };
    expect(await messageOf(provider.update({ urn, state, inputs, ignoreChanges: [], timeout: 1, preview: false }))).toBe(missing);
    expect(sentTo("PATCH")).toEqual([]);
  });

  it("previews without asking for the object, which may be there by then", async () => {
    const { provider } = await having(undefined);
    expect((await provider.create({ urn, inputs, timeout: 1, preview: true })).properties).toEqual(inputs);
    expect(server.requests).toEqual([]);
  });

  it("changes in place, but for another object", async () => {
    const { provider } = await having(live);
    const state = { ...live, __inputs: inputs };
    const changes = async (news: Props) => (await provider.diff({ urn, state, inputs: news, ignoreChanges: [] })).changes;
    const selector = { matchLabels: { app: "other" } };
    expect(await changes({ ...inputs, spec: { paused: true, selector } })).toEqual([
      { path: ["spec", "selector"], what: "add", replaces: false },
    ]);
    expect(await changes({ ...inputs, metadata: { ...metadata, name: "api" } })).toEqual([
      { path: ["metadata", "name"], what: "update", replaces: true },
    ]);
  });

  it("gives its fields back in place of deleting the object, which it cannot create anew", async () => {
    const { provider, sent } = await having(live);
    await provider.remove({ urn, state: { ...live, __fieldManager: "pulumi-kubernetes-0a1b2c3d", __inputs: inputs }, timeout: 1 });
    expect(sentTo("DELETE")).toEqual([]);
    expect(sentTo("PATCH")).toEqual([expect.stringContaining("deployments/web?fieldManager=pulumi-kubernetes-0a1b2c3d&force=false")]);
    expect(sent.map((body) => JSON.parse(body))).toEqual([
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { ...metadata, uid: "u" } },
    ]);
  });

  it("has nothing to give back where the object is gone", async () => {
    const { provider } = await having(undefined);
    await provider.remove({ urn, state: { ...live, __inputs: inputs }, timeout: 1 });
    expect(sentTo("PATCH")).toEqual([]);
  });
});
