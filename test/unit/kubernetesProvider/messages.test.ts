import { Metadata, status } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { NotReady } from "../../../tools/kubernetes-provider/errors.ts";
import { toStatus } from "../../../tools/kubernetes-provider/failure.ts";
import { redact, remember } from "../../../tools/kubernetes-provider/redact.ts";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";
import { type FakeServer, failure, fakeServer } from "./fakeServer.ts";
import { configured, messageOf } from "./provider.ts";

const configMap: Props = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "shop" }, data: { key: "one" } };

describe("a message", () => {
  it("hides a secret as it is, in base64, quoted, and line by line", () => {
    const key = "-----BEGIN KEY-----\nfirst line of the key\nsecond line of the key\n";
    remember([Buffer.from(key).toString("base64")]);
    expect(redact(`it was ${key}`)).toBe("it was [secret]");
    expect(redact(`it was ${Buffer.from(key).toString("base64")}`)).toBe("it was [secret]");
    expect(redact(`it was ${JSON.stringify(key)}`)).toBe('it was "[secret]"');
    expect(redact("log: second line of the key")).toBe("log: [secret]");
  });

  it("hides the whole of a secret that begins with another one", () => {
    remember(["beginning", "beginning-and-end"]);
    expect(redact("beginning-and-end, beginning")).toBe("[secret], [secret]");
  });

  it("is cut where a server quotes a whole object, and carries no half characters", () => {
    expect(toStatus(new Error("x".repeat(1_000_000))).message).toBe(`${"x".repeat(8000)} … (1000000 characters)`);
    expect(toStatus(new Error("🦀".slice(0, 1))).message).toBe("\ufffd");
  });

  it("goes along with the object that is there but not ready", () => {
    const { code, metadata } = toStatus(new NotReady("not yet", ["not yet"], "shop/c", configMap, configMap));
    expect([code, metadata instanceof Metadata]).toEqual([status.UNKNOWN, true]);
  });
});

describe("a server that is of no use", () => {
  let server: FakeServer;
  afterEach(() => server.close());

  const creating = async (code: number, message: string) => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    server = await fakeServer((_request, response) => {
      failure(response, code, message, { reason: code === 422 ? "Invalid" : undefined });
      resolve();
    });
    const { provider } = await configured(server.kubeconfig);
    return { provider, asked, created: provider.create({ urn: "urn", inputs: configMap, timeout: 5, preview: false }) };
  };

  it("is told with the request, the answer and the number of attempts", async () => {
    expect(await messageOf((await creating(500, "etcdserver: no leader")).created)).toBe(
      "ConfigMap shop/c: the API server answered PATCH /api/v1/namespaces/shop/configmaps/c with 500 Internal Server Error 7 times: etcdserver: no leader",
    );
  });

  it("is not asked again once the engine has cancelled", async () => {
    const { provider, asked, created } = await creating(503, "shutting down");
    // Its answer is on its way then.
    asked.then(() => setTimeout(() => provider.cancel(), 50));
    expect(await messageOf(created)).toBe("cancelled while waiting to try again");
  });
});
