import { on, once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { CoreV1Api, DiscoveryV1Api, type KubeConfig, PortForward, type V1EndpointSlice } from "@kubernetes/client-node";
import { type Cluster, ClusterError } from "./types.ts";

/** Reaches services of a cluster by name through its API server, on one of their ready pods each time. */
export function servicesOf(config: KubeConfig, context: string): Cluster["dial"] {
  const core = config.makeApiClient(CoreV1Api);
  const discovery = config.makeApiClient(DiscoveryV1Api);
  const forward = new PortForward(config);
  return async (host, port) => {
    const [name, namespace, svc, ...domain] = host.split(".");
    if (!name || !namespace || svc !== "svc" || (domain.length > 0 && domain.join(".") !== "cluster.local")) {
      throw new ClusterError(
        `"${host}" cannot be reached in the cluster of the context "${context}": give a service as name.namespace.svc`,
      );
    }
    const portName = await portNameOf(core, name, namespace, port);
    const slices = await discovery.listNamespacedEndpointSlice({ namespace, labelSelector: `kubernetes.io/service-name=${name}` });
    const targets = readyTargets(slices.items, portName);
    const target = targets[Math.floor(Math.random() * targets.length)];
    if (!target) throw new ClusterError(`the service ${host} of the context "${context}" has no ready pod for port ${port}`);
    const { near, far } = await socketPair();
    const socket = await forward.portForward(namespace, target.pod, [target.port], far, null, far);
    if ("onclose" in socket) socket.onclose = () => far.end();
    far.once("close", () => "close" in socket && socket.close());
    return near;
  };
}

async function portNameOf(core: CoreV1Api, name: string, namespace: string, port: number): Promise<string> {
  const service = await core.readNamespacedService({ name, namespace }).catch((error: { code?: number }) => {
    if (error.code === 404) throw new ClusterError(`there is no service ${name} in the namespace ${namespace}`);
    throw error;
  });
  const ports = service.spec?.ports ?? [];
  const found = ports.find((each) => each.port === port);
  if (!found)
    throw new ClusterError(
      `the service ${name}.${namespace} has no port ${port}; it has ${ports.map((each) => each.port).join(", ") || "none"}`,
    );
  return found.name ?? "";
}

/** Pod and port of every endpoint that takes traffic, of the service port with this name. */
export function readyTargets(slices: V1EndpointSlice[], portName: string): { pod: string; port: number }[] {
  return slices.flatMap(({ endpoints = [], ports = [] }) => {
    const port = ports.find((each) => (each.name ?? "") === portName)?.port;
    if (port === undefined) return [];
    return endpoints.flatMap(({ conditions, targetRef }) =>
      conditions?.ready !== false && targetRef?.kind === "Pod" && targetRef.name ? [{ pod: targetRef.name, port }] : [],
    );
  });
}

/** Two ends of one connection on 127.0.0.1: callers get a real socket, whatever carries its bytes on. */
async function socketPair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ noDelay: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the socket does not listen on a port");
  const near = connect({ host: "127.0.0.1", port: address.port, noDelay: true });
  // Any local program could connect first: only the end with our own port is the other end.
  const connected = once(near, "connect");
  for await (const [far] of on(server, "connection") as AsyncIterable<[Socket]>) {
    await connected;
    if (far.remotePort === near.localPort) {
      server.close();
      return { near, far };
    }
    far.destroy();
  }
  throw new Error("no connection to this process itself");
}
