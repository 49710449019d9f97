import { afterEach, describe, expect, it } from "vitest";
import { type Props, Secret } from "../../../tools/kubernetes-provider/values.ts";
import { type FakeServer, failure, fakeServer, json } from "./fakeServer.ts";
import { configured } from "./provider.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const fields = { "f:metadata": { "f:labels": { "f:tier": {}, "f:left": {} } }, "f:data": { "f:key": {} } };
const written: Props = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "c", namespace: "shop", labels: { tier: "gold", left: "behind" } },
  data: { key: "one" },
};

/** The object as it is on the server after `kubectl apply` of `object`. */
function applied(object: Props, record: Props = object): Props {
  const annotated = { ...record, metadata: { ...(record.metadata as Props), annotations: {} } };
  return {
    ...object,
    metadata: {
      ...(object.metadata as Props),
      annotations: { [LAST_APPLIED]: JSON.stringify(annotated) },
      resourceVersion: "7",
      managedFields: [{ manager: "kubectl-client-side-apply", operation: "Update", fieldsV1: fields }],
    },
  };
}

describe("an object that kubectl applied", () => {
  let server: FakeServer;
  afterEach(() => server.close());
  const read = async (live: Props, type = "kubernetes:core/v1:ConfigMap") => {
    server = await fakeServer((_request, response) => json(response, 200, live));
    const { provider } = await configured(server.kubeconfig);
    const found = await provider.read({ urn: "urn", type, id: "shop/c", state: {}, inputs: {} });
    return { provider, inputs: found?.inputs ?? {}, state: found?.properties ?? {} };
  };

  it("is imported as it was written, not as the server completed it", async () => {
    const { inputs } = await read(applied({ ...written, immutable: false }, written));
    expect(inputs).toEqual(written);
  });

  it("keeps the data of a Secret out of sight, also where kubectl remembers it", async () => {
    const secret: Props = { apiVersion: "v1", kind: "Secret", metadata: { name: "c", namespace: "shop" } };
    const live = applied({ ...secret, data: { token: "czNjcmV0" } }, { ...secret, stringData: { token: "s3cret" } });
    const { inputs, state } = await read(live, "kubernetes:core/v1:Secret");
    expect(inputs).toEqual({ ...secret, data: new Secret({ token: "czNjcmV0" }) });
    expect((state.metadata as Props).annotations).toEqual({ [LAST_APPLIED]: expect.any(Secret) });
  });

  it("loses what leaves the program, and is no conflict", async () => {
    const { provider, state, inputs: old } = await read(applied(written));
    const inputs: Props = { ...old, metadata: { name: "c", namespace: "shop", labels: { tier: "tin" } } };
    const { changes } = await provider.diff({ urn: "urn", state, inputs, ignoreChanges: [] });
    expect(changes.map(({ path, what }) => `${what} ${path.join(".")}`)).toEqual([
      "delete metadata.labels.left",
      "update metadata.labels.tier",
    ]);

    const bodies: Record<string, Props> = {};
    server.answer = (request, response, body) => {
      if (request.method === "GET") return json(response, 200, applied(written));
      const type = String(request.headers["content-type"]);
      // The first try comes between two changes of someone else.
      if (type.includes("merge-patch") && !bodies[type]) failure(response, 409, "the object has been modified");
      else json(response, 200, inputs);
      bodies[type] = JSON.parse(body);
    };
    await provider.update({ urn: "urn", state, inputs, ignoreChanges: [], timeout: 5, preview: false });
    const heir = { manager: state.__fieldManager, operation: "Apply", fieldsV1: fields };
    expect(bodies).toEqual({
      "application/merge-patch+json": { metadata: { resourceVersion: "7", managedFields: [heir] } },
      "application/apply-patch+yaml": inputs,
    });
  });
});
