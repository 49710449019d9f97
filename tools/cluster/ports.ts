import { connect, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ClusterError } from "./types.ts";

const host = "127.0.0.1";

export interface PortWish {
  /** A port a person asked for: taken is an error. */
  asked?: number | undefined;
  /** The port it had before: taken is no harm. */
  before?: number | undefined;
}

/** Opens a listening socket on 127.0.0.1: on the port asked for, else on the one it had before, else on any free one. */
export async function openPort({ asked, before }: PortWish): Promise<Server> {
  if (asked !== undefined) {
    if (!Number.isInteger(asked) || asked < 1 || asked > 65_535)
      throw new ClusterError(`${asked} is not a port: use 1 to 65535, or none for any free one`);
    return listen(asked).catch((error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is taken by another program" : `cannot be used (${error.code})`;
      throw new ClusterError(`port ${asked} on ${host} ${why}.\n  Free it, name another with --port, or leave --port out for any free one`);
    });
  }
  if (before !== undefined) {
    const server = await listen(before).catch(() => undefined);
    if (server) return server;
  }
  return listen(0);
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the socket does not listen on a port");
  return address.port;
}

export function close(server: Server): Promise<void> {
  return new Promise((fulfil) => {
    server.close(() => fulfil());
  });
}

function listen(port: number): Promise<Server> {
  return new Promise((fulfil, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host, port }, () => fulfil(server));
  });
}

/** Resolves once something accepts connections at the address (a unix socket's path, or host and port), however long it takes. */
export async function listening(address: string | { host: string; port: number }): Promise<void> {
  while (!(await accepts(address))) await sleep(20);
}

function accepts(address: string | { host: string; port: number }): Promise<boolean> {
  return new Promise((fulfil) => {
    const socket = typeof address === "string" ? connect(address) : connect(address);
    socket.once("connect", () => {
      socket.destroy();
      fulfil(true);
    });
    socket.once("error", () => fulfil(false));
  });
}
