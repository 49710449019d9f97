import { readFileSync } from "node:fs";
import http from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { Tokens } from "./files.ts";
import type { Layout } from "./layout.ts";
import type { ClusterRecord } from "./record.ts";
import { reasonHeader } from "./relay.ts";
import { type Cluster, ClusterError } from "./types.ts";

/** How programs on this machine reach into the cluster; a simulated one has no inside and says so. */
export function dialerOf(layout: Layout, { ports }: ClusterRecord): Cluster["dial"] {
  const { proxy } = ports;
  if (proxy === undefined) {
    return async (host, port) => {
      throw new ClusterError(`traffic is simulated: nothing runs in the cluster "${layout.name}", so nothing answers at ${host}:${port}`);
    };
  }
  const { admin } = JSON.parse(readFileSync(join(layout.config, "tokens.json"), "utf8")) as Tokens;
  return (host, port) => dialThrough(proxy, admin, layout.name, host, port);
}

/** Connects through the cluster's CONNECT proxy on 127.0.0.1. */
export function dialThrough(proxyPort: number, token: string, name: string, host: string, port: number): Promise<Socket> {
  const target = `${host}:${port}`;
  return new Promise((fulfil, reject) => {
    const request = http.request({
      host: "127.0.0.1",
      port: proxyPort,
      method: "CONNECT",
      path: target,
      agent: false,
      headers: { host: target, "proxy-authorization": `Bearer ${token}` },
    });
    request.once("connect", (response, socket, head) => {
      if (response.statusCode === 200) {
        const connection = socket as Socket;
        connection.setNoDelay(true);
        if (head.length > 0) connection.unshift(head);
        fulfil(connection);
        return;
      }
      socket.destroy();
      const reason = response.headers[reasonHeader];
      reject(
        new ClusterError(
          `no connection to ${target} in the cluster "${name}": ${decodeURIComponent(String(reason ?? `status ${response.statusCode}`))}`,
        ),
      );
    });
    request.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new ClusterError(
          `no connection to ${target}: the cluster "${name}" does not answer on 127.0.0.1:${proxyPort} (${error.code}).\n  Start it again: npm run cluster -- start --name ${name}`,
        ),
      );
    });
    request.end();
  });
}
