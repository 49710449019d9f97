import { timingSafeEqual } from "node:crypto";
import { promises as dns } from "node:dns";
import http, { type IncomingMessage } from "node:http";
import net, { type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { network } from "./network.ts";

const connectTimeout = 5_000;
/** Response header that says in words why a CONNECT was refused. */
export const reasonHeader = "x-rollback-reason";

/**
 * Serves `listener`, a socket that was opened in the machine's network namespace, from inside the cluster's: a socket keeps
 * the namespace it was made in, so connections arrive here and every new one goes out inside.
 */
export function relayTo(listener: Server, host: string, port: number): void {
  listener.on("connection", (outer: Socket) => {
    const inner = net.connect({ host, port, noDelay: true, allowHalfOpen: true });
    outer.setNoDelay(true);
    join(outer, inner);
  });
}

/** An HTTP CONNECT proxy into the cluster on `listener`; every request must carry `token`. */
export function proxyInto(listener: Server, token: string): void {
  const resolver = new dns.Resolver({ timeout: 1_000, tries: 2 });
  resolver.setServers([network.node]);
  const server = http.createServer((_request, response) => {
    response.writeHead(405, { [reasonHeader]: "only CONNECT is served here" }).end();
  });
  listener.on("connection", (socket: Socket) => server.emit("connection", socket));
  server.on("connect", async (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on("error", () => client.destroy());
    try {
      if (!sameToken(request.headers["proxy-authorization"], token)) throw new Refusal(407, "this cluster's token is missing");
      const { host, port } = destination(request.url ?? "");
      const target = await connect(await resolve(resolver, host), port);
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      if (head.length > 0) target.write(head);
      join(client, target);
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 502;
      client.end(`HTTP/1.1 ${status} Refused\r\n${reasonHeader}: ${encodeURIComponent((error as Error).message)}\r\n\r\n`);
    }
  });
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function sameToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? "");
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function destination(authority: string): { host: string; port: number } {
  const colon = authority.lastIndexOf(":");
  const port = Number(authority.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port) || port < 1 || port > 65_535) throw new Refusal(400, `"${authority}" is not host:port`);
  return { host: authority.slice(0, colon), port };
}

async function resolve(resolver: dns.Resolver, host: string): Promise<string> {
  if (net.isIP(host)) return host;
  const name = host.endsWith(".svc") ? `${host}.${network.domain}` : host;
  const addresses = await resolver.resolve4(name).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(404, `the cluster's DNS has no address for ${name} (${error.code})`);
  });
  return addresses[Math.floor(Math.random() * addresses.length)] as string;
}

function connect(host: string, port: number): Promise<Socket> {
  return new Promise((fulfil, reject) => {
    const socket = net.connect({ host, port, noDelay: true, allowHalfOpen: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Refusal(504, `${host}:${port} did not answer within ${connectTimeout / 1000} s`));
    }, connectTimeout);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      fulfil(socket);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new Refusal(502, `nothing accepts connections at ${host}:${port} (${error.code})`));
    });
  });
}

/** Carries bytes both ways until both sides have ended; one that breaks off breaks the other off. */
function join(a: Duplex, b: Duplex): void {
  for (const side of [a, b]) side.allowHalfOpen = true;
  a.pipe(b).pipe(a);
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    one.on("error", () => other.destroy());
    // After a proper end the other side may still have bytes to write.
    one.on("close", () => one.readableEnded || other.destroy());
  }
}
