import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { KubernetesProvider } from "../../../tools/kubernetes-provider/provider.ts";
import { silent } from "../../../tools/kubernetes-provider/report.ts";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";
import { type FakeServer, fakeServer, json, kubeconfigFor } from "./fakeServer.ts";
import { checked, messageOf } from "./provider.ts";

const inputs: Props = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "shop" }, data: { key: "one" } };
const changed: Props = { ...inputs, data: { key: "two" } };
const state: Props = { ...inputs, __inputs: inputs };

describe("skipUpdateUnreachable", () => {
  // Nothing listens on the discard port.
  const kubeconfig = kubeconfigFor("http://127.0.0.1:9");
  const reads = { urn: "urn", type: "kubernetes:core/v1:ConfigMap", id: "shop/c", state, inputs };

  async function provider(skipUpdateUnreachable: string) {
    const told: string[] = [];
    const made = new KubernetesProvider({ status: () => {}, log: (_urn, severity, message) => told.push(`${severity}: ${message}`) });
    await made.configure({ kubeconfig, skipUpdateUnreachable });
    return { made, told };
  }

  it("leaves what state has of a cluster that cannot be reached as it is, and says so", async () => {
    const { made, told } = await provider("true");
    expect(await checked(made, changed, inputs)).toEqual(inputs);
    expect((await made.diff({ urn: "urn", state, inputs, ignoreChanges: [] })).changes).toEqual([]);
    expect(await made.read(reads)).toEqual({ id: "shop/c", properties: state, inputs });
    expect(told).toEqual(Array(2).fill("warning: left as it is: its cluster cannot be reached and skipUpdateUnreachable is set"));
  });

  it("still fails to create something there", async () => {
    const { made } = await provider("true");
    expect(await checked(made, inputs)).toEqual(inputs);
    expect(await messageOf(made.create({ urn: "urn", inputs, timeout: 1, preview: false }))).toMatch(/cannot be reached/);
  });

  it("is off where it is not set", async () => {
    const { made } = await provider("false");
    expect(await checked(made, changed, inputs)).toEqual(changed);
    expect(await messageOf(made.diff({ urn: "urn", state, inputs, ignoreChanges: [] }))).toMatch(/cannot be reached/);
    expect(await messageOf(made.read(reads))).toMatch(/cannot be reached/);
  });
});

it("a server that does not say who it is is sent no change, which it could carry out after that was told as failed", async () => {
  const asked: string[] = [];
  const slow = createServer((request) => {
    asked.push(`${request.method} ${request.url}`);
    request.socket.destroy();
  });
  await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
  const made = new KubernetesProvider(silent);
  await made.configure({ kubeconfig: kubeconfigFor(`http://127.0.0.1:${(slow.address() as AddressInfo).port}`) });
  const once = { urn: "urn", timeout: 1, preview: false };
  const failed = await Promise.all([
    messageOf(made.create({ ...once, inputs })),
    messageOf(made.update({ ...once, state, inputs: changed, ignoreChanges: [] })),
    messageOf(made.remove({ urn: "urn", timeout: 1, state })),
  ]);
  slow.close();
  expect(failed).toEqual(Array(3).fill(expect.stringMatching(/cannot be reached: it closed the connection/)));
  expect(asked).toEqual(["GET /version"]);
});

describe("a kubeconfig's proxy-url", () => {
  let server: FakeServer;
  let proxy: Server | undefined;
  afterEach(async () => {
    await server.close();
    proxy?.closeAllConnections();
    proxy?.close();
  });

  function withProxy(proxyUrl: string): string {
    const config = JSON.parse(server.kubeconfig);
    config.clusters[0].cluster["proxy-url"] = proxyUrl;
    return JSON.stringify(config);
  }

  it("is the way to the server, with the credentials it holds", async () => {
    server = await fakeServer((_request, response, body) => json(response, 201, JSON.parse(body)));
    const tunnels: string[] = [];
    proxy = createServer().on("connect", (request, socket) => {
      tunnels.push(`${request.url} ${request.headers["proxy-authorization"]}`);
      const [host, port] = (request.url ?? "").split(":");
      const upstream = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [socket, upstream]) end.on("error", () => {});
    });
    await new Promise<void>((resolve) => proxy?.listen(0, "127.0.0.1", resolve));
    const provider = new KubernetesProvider(silent);
    await provider.configure({ kubeconfig: withProxy(`http://ann:pass@127.0.0.1:${(proxy.address() as AddressInfo).port}`) });
    expect((await provider.create({ urn: "urn", inputs, timeout: 1, preview: false })).id).toBe("shop/c");
    const { host } = new URL(JSON.parse(server.kubeconfig).clusters[0].cluster.server);
    expect(new Set(tunnels)).toEqual(new Set([`${host} Basic ${Buffer.from("ann:pass").toString("base64")}`]));
  });

  it.each(["socks5://127.0.0.1:1080", "proxy"])("is refused where it is %s", async (url) => {
    server = await fakeServer(() => {});
    expect(await messageOf(new KubernetesProvider(silent).configure({ kubeconfig: withProxy(url) }))).toBe(
      'context "fake" of kubernetes:kubeconfig: its proxy-url is not a URL such as http://127.0.0.1:3128 or https://proxy.example.com',
    );
  });
});
