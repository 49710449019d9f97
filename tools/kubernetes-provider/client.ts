import http from "node:http";
import https from "node:https";
import type { Connection } from "./connection.ts";
import { ApiError, Cancelled, explain, InputError, type ServerStatus, UnknownKind, Unreachable } from "./errors.ts";
import { builtInKind, groupPath, type KindInfo } from "./kinds.ts";
import type { KubeObject } from "./objects.ts";
import { pause } from "./time.ts";

export interface Request {
  method: "GET" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string>;
  body?: string;
  contentType?: string;
  signal?: AbortSignal;
}

export interface Response<T> {
  status: number;
  body: T;
  /** What the server warns of: unknown fields, deprecated versions. */
  warnings: string[];
}

interface ResourceList {
  resources?: { name: string; kind: string; namespaced: boolean }[];
}

/** More at once gains nothing against one API server and costs it memory. */
const CONCURRENT_REQUESTS = 32;
/** Longer than any admission webhook may take (30 s). */
const REQUEST_TIMEOUT_MS = 60_000;
const FIRST_ANSWER_TIMEOUT_MS = 10_000;
/** How long a server that was there before is given to come back. */
export const OUTAGE_MS = 60_000;
/** A watch is given up after hearing nothing for this long: something on the way may keep it open and let nothing through. */
const SILENCE_MS = 15_000;
/** 429 and 5xx answers are tried again this often. */
const RETRIES = 6;
const RETRIED = new Set([429, 500, 502, 503, 504]);

/** A watch on which nothing came for too long. */
export class Silence extends Error {}

/** One API server: requests over kept connections, retries within bounds, discovery for kinds that are not Kubernetes' own. */
export class KubeClient {
  readonly connection: Connection;
  readonly #transport: typeof http | typeof https;
  readonly #agent: http.Agent;
  readonly #streams: http.Agent;
  readonly #discovered = new Map<string, Promise<KindInfo[]>>();
  readonly #cancelled: AbortSignal | undefined;
  #everAnswered = false;
  #greeting: Promise<void> | undefined;

  /** @param cancelled ends every wait for another attempt; a request that was sent is let finish */
  constructor(connection: Connection, cancelled?: AbortSignal) {
    this.connection = connection;
    this.#cancelled = cancelled;
    this.#transport = connection.server.protocol === "http:" ? http : https;
    const Agent = this.#transport.Agent;
    const agent = connection.through ?? ((options: http.AgentOptions, tls: Connection["tls"]) => new Agent({ ...options, ...tls }));
    this.#agent = agent({ keepAlive: true, maxSockets: CONCURRENT_REQUESTS }, connection.tls);
    // Watches hold their connection for minutes and must not starve requests.
    this.#streams = agent({ keepAlive: true }, connection.tls);
  }

  /** Opens the first connection while the program still starts; whoever needs the server waits here and learns if it is not there. */
  greet(): Promise<void> {
    this.#greeting ??= this.request({ method: "GET", path: "/version" }).then(
      () => undefined,
      (error) => {
        if (error instanceof ApiError && error.status !== 401) return;
        throw explain(error, this.connection.source);
      },
    );
    this.#greeting.catch(() => {});
    return this.#greeting;
  }

  async request<T = KubeObject>(request: Request): Promise<Response<T>> {
    // A server that is only slow could carry a change out after it was told as failed.
    if (request.method !== "GET") await this.greet();
    const since = Date.now();
    for (let attempt = 0; ; attempt++) {
      try {
        const response = await this.#send(request, this.#agent);
        const text = await readAll(response);
        this.#everAnswered = true;
        const status = response.statusCode ?? 0;
        if (status < 400) return { status, body: parseBody(response, text) as T, warnings: warningsOf(response) };
        const error = new ApiError(status, (parseBody(response, text) ?? {}) as ServerStatus, request, attempt + 1);
        if (!RETRIED.has(status) || attempt >= RETRIES) throw error;
        await this.#pause(retryDelay(response, attempt), request);
      } catch (error) {
        const known = error instanceof ApiError || error instanceof InputError || error instanceof Cancelled;
        if (known || request.signal?.aborted) throw error;
        // A kept connection may have been closed at the other end meanwhile: that is no outage.
        const outageOver = Date.now() - since > OUTAGE_MS;
        if (!this.#everAnswered || outageOver) throw this.#unreachable(error as NodeJS.ErrnoException);
        if (attempt > 0) await this.#pause(Math.min(100 * 2 ** attempt, 2000), request);
      }
    }
  }

  /**
   * A response that stays open; the caller reads its lines and ends it with the signal.
   * @throws Silence, while it is read too, where nothing comes for 15 s
   */
  async stream(request: Request): Promise<http.IncomingMessage> {
    const response = await this.#send(request, this.#streams).catch((error) => {
      throw error instanceof Silence || request.signal?.aborted ? error : this.#unreachable(error);
    });
    const status = response.statusCode ?? 0;
    if (status < 400) return response;
    const text = await readAll(response);
    throw new ApiError(status, (parseBody(response, text) ?? {}) as ServerStatus, request);
  }

  #pause(ms: number, { signal }: Request): Promise<void> {
    const ends = [signal, this.#cancelled].filter((each) => each !== undefined);
    return pause(ms, AbortSignal.any(ends));
  }

  async #send(request: Request, agent: http.Agent): Promise<http.IncomingMessage> {
    const { connection } = this;
    const headers: Record<string, string> = {
      Accept: "application/json",
      "User-Agent": "rollback-stacks",
      ...(await connection.headers()),
    };
    if (request.body !== undefined) {
      headers["Content-Type"] = request.contentType ?? "application/json";
      headers["Content-Length"] = String(Buffer.byteLength(request.body));
    }
    const query = request.query ? `?${new URLSearchParams(request.query)}` : "";
    const url = new URL(connection.server.pathname.replace(/\/$/, "") + request.path + query, connection.server);
    return new Promise((resolve, reject) => {
      const outgoing = this.#transport.request(url, { method: request.method, headers, agent, signal: request.signal });
      let response: http.IncomingMessage | undefined;
      if (agent === this.#streams) {
        outgoing.setTimeout(SILENCE_MS, () => (response ?? outgoing).destroy(new Silence()));
      } else {
        const timeout = this.#everAnswered ? REQUEST_TIMEOUT_MS : FIRST_ANSWER_TIMEOUT_MS;
        outgoing.setTimeout(timeout, () => outgoing.destroy(new Error(`it does not answer within ${timeout / 1000} s`)));
      }
      outgoing
        .on("response", (answer) => {
          response = answer;
          resolve(answer);
        })
        .on("error", reject)
        .end(request.body);
    });
  }

  /** Where a kind lives; throws UnknownKind where the server has none. */
  async kind(apiVersion: string, kind: string): Promise<KindInfo> {
    const known = builtInKind(apiVersion, kind);
    if (known) return known;
    let discovery = this.#discovered.get(apiVersion);
    if (!discovery) {
      discovery = this.#discover(apiVersion);
      this.#discovered.set(apiVersion, discovery);
    }
    const found = (await discovery.catch((error) => this.#forget(apiVersion, error))).find((info) => info.kind === kind);
    if (found) return found;
    // The definition may be created a moment later in the same update.
    this.#discovered.delete(apiVersion);
    throw new UnknownKind(`the server at ${this.connection.server.origin} has no kind ${kind} in ${apiVersion}`);
  }

  #forget(apiVersion: string, error: unknown): never {
    this.#discovered.delete(apiVersion);
    throw error;
  }

  async #discover(apiVersion: string): Promise<KindInfo[]> {
    try {
      const { body } = await this.request<ResourceList>({ method: "GET", path: groupPath(apiVersion) });
      const kinds = (body.resources ?? []).filter((resource) => !resource.name.includes("/"));
      return kinds.map(({ name, kind, namespaced }) => ({ apiVersion, kind, plural: name, namespaced }));
    } catch (error) {
      if (error instanceof ApiError && error.notFound) return [];
      throw error;
    }
  }

  close(): void {
    this.#agent.destroy();
    this.#streams.destroy();
  }

  /** "Cannot be reached" says that no change was sent to it: `rollback` takes that as nothing changed. */
  #unreachable(error: NodeJS.ErrnoException): Unreachable {
    const { server, source } = this.connection;
    const what = this.#everAnswered ? "no longer answers" : "cannot be reached";
    return new Unreachable(
      `the Kubernetes API server at ${server.origin} (${source}) ${what}: ${whyUnreachable(error)}. ` +
        "Start that cluster (this project's own: `npm run cluster -- start`), or name another one with kubernetes:kubeconfig or kubernetes:context",
    );
  }
}

function whyUnreachable(error: NodeJS.ErrnoException): string {
  // Node reports one error per address that a name resolved to.
  const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error;
  const known: Record<string, string> = {
    ECONNREFUSED: "nothing listens there (connection refused)",
    ENOTFOUND: "its host name is not known",
    ETIMEDOUT: "it does not answer (timed out)",
    EHOSTUNREACH: "there is no route to it",
    ECONNRESET: "it closed the connection",
  };
  const tls = /certificate|CERT_|self[- ]signed/i.test(`${first.code} ${first.message}`)
    ? "its certificate is not the one of the kubeconfig: "
    : "";
  return known[first.code ?? ""] ?? `${tls}${first.message}`;
}

async function readAll(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parseBody(response: http.IncomingMessage, text: string): unknown {
  if (!/json/.test(response.headers["content-type"] ?? "")) return (response.statusCode ?? 0) < 400 ? text : { message: text.trim() };
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("the server sent a truncated answer");
  }
}

function warningsOf(response: http.IncomingMessage): string[] {
  const header = response.headers.warning;
  return header ? [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? "").replace(/\\(.)/g, "$1")) : [];
}

function retryDelay(response: http.IncomingMessage, attempt: number): number {
  const asked = Number(response.headers["retry-after"]);
  return asked > 0 ? Math.min(asked * 1000, 10_000) : Math.min(100 * 2 ** attempt, 2000);
}
