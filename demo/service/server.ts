import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Config } from "./config.ts";
import type { Fields, Log } from "./logging.ts";
import type { Metrics } from "./metrics.ts";
import { ProviderError, statusOf } from "./providers/errors.ts";

const bodyLimit = 1_048_576;

/** An answer that is decided by the request itself (400, 413, …); its message goes to the client. */
export class RequestError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Call {
  /** The parsed JSON body; undefined for GET. */
  body: unknown;
  /** Writes lines that carry the request's correlation id. */
  log: Log;
}

export interface Reply {
  status: number;
  /** Sent as JSON, or as it is when a string. */
  body: unknown;
  contentType?: string;
}

export interface Route {
  method: "GET" | "POST";
  path: string;
  /** Probes and scrapes are not logged, and do not keep a stopping service from ending. */
  quiet?: true;
  handle(call: Call): Reply | Promise<Reply>;
  /** Answers a request whose body could not be read, or whose handling failed; default: the error as JSON, with its status. */
  rescue?(error: unknown, log: Log): Reply;
}

/** What the shutdown needs to know of the traffic. */
export interface Traffic {
  inFlight: number;
  /** When the last request that was no probe came, in `performance.now()` time. */
  lastArrival: number;
  /** While true every answer asks the client to open a new connection, which a Service then sends elsewhere. */
  draining: boolean;
}

/** The HTTP side: finds the route, reads JSON, answers errors as JSON, and logs and counts every request. */
export function createHttp(config: Config, routes: Route[], metrics: Metrics, log: Log): { server: Server; traffic: Traffic } {
  const traffic: Traffic = { inFlight: 0, lastArrival: 0, draining: false };
  const paths = new Map(routes.map((route) => [route.path, route]));

  async function answer(request: IncomingMessage, route: Route | undefined, requestLog: Log): Promise<Reply> {
    const taken = route?.method === request.method;
    try {
      if (route === undefined) throw new RequestError(404, `no such path; there are ${[...paths.keys()].join(", ")}`);
      if (!taken) throw new RequestError(405, `${route.path} takes ${route.method}`);
      return await route.handle({ body: route.method === "POST" ? await readJson(request) : undefined, log: requestLog });
    } catch (error) {
      if (taken && route?.rescue) return route.rescue(error, requestLog);
      if (error instanceof RequestError) return { status: error.status, body: { error: { kind: "request", message: error.message } } };
      if (error instanceof ProviderError) {
        const body = { error: { kind: error.kind, message: `the AI provider failed (${error.kind})` }, provider: config.provider.name };
        return { status: statusOf[error.kind], body: { ...body, track: config.track } };
      }
      requestLog("ERROR", `unexpected: ${(error as Error).stack ?? error}`);
      return { status: 500, body: { error: { kind: "internal", message: "unexpected error; the log has it under the correlation id" } } };
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const route = paths.get(path);
    if (!route?.quiet) traffic.lastArrival = started;
    const correlationId = correlationIdOf(request);
    const requestLog: Log = (severity, message, fields: Fields = {}) => log(severity, message, { correlationId, ...fields });

    const reply = await answer(request, route, requestLog);
    response.setHeader("x-track", config.track);
    response.setHeader("x-provider", config.provider.name);
    response.setHeader("x-release", config.release);
    response.setHeader("x-correlation-id", correlationId);
    response.setHeader("content-type", reply.contentType ?? "application/json");
    if (reply.status === 405 && route) response.setHeader("allow", route.method);
    // A body that was not read to its end cannot be followed by another request on the same connection.
    if (traffic.draining || !request.complete) response.setHeader("connection", "close");
    response.statusCode = reply.status;
    response.end(typeof reply.body === "string" ? reply.body : `${JSON.stringify(reply.body)}\n`);

    const milliseconds = performance.now() - started;
    metrics.request(route?.path ?? "other", request.method ?? "", reply.status, milliseconds / 1000);
    if (!route?.quiet) {
      const severity = reply.status >= 500 ? "ERROR" : "INFO";
      requestLog(severity, `${request.method} ${path} ${reply.status} in ${Math.round(milliseconds)} ms`, { status: reply.status });
    }
  }

  const server = createServer((request, response) => {
    traffic.inFlight++;
    response.once("close", () => traffic.inFlight--);
    void serve(request, response);
  });
  // Longer than clients and proxies keep idle connections, so that never the server is the one to close a connection in use.
  server.keepAliveTimeout = 75_000;
  return { server, traffic };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Destroying the request would take the connection, and with it the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new RequestError(413, `the body is larger than ${bodyLimit} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new RequestError(400, "the body is not JSON");
  }
}

/** The caller's id when it is a plain token, so that nothing else can be written into the log. */
function correlationIdOf(request: IncomingMessage): string {
  const given = request.headers["x-correlation-id"];
  return typeof given === "string" && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}
