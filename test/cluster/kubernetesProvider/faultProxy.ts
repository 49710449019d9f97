import { createServer, type IncomingMessage, request as plainRequest, type ServerResponse } from "node:http";
import { Agent, request as tlsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";

/** One request on its way to the API server. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  body: Buffer;
  /** The API server's answer, its head only; `passOn` streams it to whoever asked. */
  ask(): Promise<IncomingMessage>;
  passOn(): Promise<void>;
}

export type Fault = (exchange: Exchange) => unknown;

export interface Rule {
  /** Tested against `METHOD /path?query`. */
  on: RegExp;
  fault: Fault;
  /** How often it applies; default always. */
  times?: number;
}

/** Stands between the provider and the API server, and breaks what a test asks it to. */
export interface FaultProxy {
  /** Contents of a kubeconfig that leads here; the proxy signs in as the admin. */
  kubeconfig: string;
  /** The same for whoever has this token. */
  kubeconfigWith(token: string): string;
  /** `METHOD /path?query` of every request that came, decoded. */
  requests: string[];
  /** Most requests under way at once, watches left out. */
  mostAtOnce: number;
  rules: Rule[];
  /** Resolves once such a request has come. */
  saw(on: RegExp): Promise<void>;
  /** Refuses connections and ends those that are open, until `comeBack`. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Forgets rules, requests and counts. */
  reset(): void;
  close(): Promise<void>;
}

export async function newFaultProxy(adminKubeconfig: string): Promise<FaultProxy> {
  const upstream = await connection(adminKubeconfig);
  let port = 0;
  let underWay = 0;
  const server = createServer(async (request, response) => {
    const line = `${request.method} ${decodeURIComponent(request.url ?? "")}`;
    proxy.requests.push(line);
    const counts = !/watch=true/.test(line);
    if (counts) proxy.mostAtOnce = Math.max(proxy.mostAtOnce, ++underWay);
    response.on("close", () => counts && underWay--).on("error", () => {});
    const exchange = await newExchange(request, response, upstream);
    const rule = proxy.rules.find(({ on, times = 1 }) => times > 0 && on.test(line));
    if (rule?.times !== undefined) rule.times--;
    try {
      await (rule ? rule.fault(exchange) : exchange.passOn());
    } catch {
      response.destroy();
    }
  });
  const listen = () => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen();
  port = (server.address() as AddressInfo).port;
  const proxy: FaultProxy = {
    kubeconfig: kubeconfigOf(port, {}),
    kubeconfigWith: (token) => kubeconfigOf(port, { token }),
    requests: [],
    mostAtOnce: 0,
    rules: [],
    async saw(on) {
      while (!proxy.requests.some((line) => on.test(line))) await sleep(10);
    },
    goAway: stop,
    comeBack: listen,
    reset: () => Object.assign(proxy, { rules: [], requests: [], mostAtOnce: 0 }),
    close: stop,
  };
  return proxy;
}

function kubeconfigOf(port: number, user: object): string {
  return JSON.stringify({
    "current-context": "proxy",
    // Without it some clients send nothing over plain HTTP.
    clusters: [{ name: "proxy", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
    users: [{ name: "proxy", user }],
    contexts: [{ name: "proxy", context: { cluster: "proxy", user: "proxy" } }],
  });
}

interface Upstream {
  server: URL;
  agent: Agent;
  headers: Record<string, string>;
}

async function connection(adminKubeconfig: string): Promise<Upstream> {
  const config = new KubeConfig();
  config.loadFromFile(adminKubeconfig);
  const cluster = config.getCurrentCluster();
  const ca = Buffer.from(cluster?.caData ?? "", "base64");
  return {
    server: new URL(cluster?.server ?? ""),
    agent: new Agent({ keepAlive: true, ca }),
    headers: { authorization: `Bearer ${config.getCurrentUser()?.token}` },
  };
}

async function newExchange(request: IncomingMessage, response: ServerResponse, upstream: Upstream): Promise<Exchange> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const ask = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { ...upstream.headers, ...request.headers, host: upstream.server.host };
      const url = new URL(request.url ?? "", upstream.server);
      const send = upstream.server.protocol === "https:" ? tlsRequest : plainRequest;
      const outgoing = send(url, { method: request.method, headers, agent: upstream.agent });
      response.on("close", () => outgoing.destroy());
      outgoing.on("response", resolve).on("error", reject).end(body);
    });
  const passOn = async () => {
    const answer = await ask();
    response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
    for await (const chunk of answer) response.write(chunk);
    response.end();
  };
  return { request, response, body, ask, passOn };
}
