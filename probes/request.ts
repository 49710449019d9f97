/** One request over a connection of its own, as the documents' `for … curl` loop makes them. */

import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";

/** How a request reaches the service: a raw connection into the cluster, or an address (the API server's service proxy, or its own). */
export type Route =
  | { kind: "dial"; host: string; dial: () => Promise<Duplex> }
  | { kind: "url"; url: string; options: https.RequestOptions };

export interface Call {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds from the send until the request counts as dropped. */
  timeoutMs: number;
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Sends one call; throws an `Error` whose message says why there was no answer. */
export async function send(route: Route, call: Call): Promise<Answer> {
  const cancel = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    cancel.abort();
  }, call.timeoutMs);
  try {
    return await exchange(route, call, cancel.signal);
  } catch (error) {
    if (timedOut) throw new Error(`no answer within ${call.timeoutMs / 1000} s`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(route: Route, call: Call, signal: AbortSignal): Promise<Answer> {
  const own = { ...(call.body === undefined ? {} : { "content-type": "application/json" }), ...call.headers };
  const common = { method: call.method, signal };
  let request: http.ClientRequest;
  if (route.kind === "dial") {
    const socket = await unlessAborted(route.dial(), signal);
    const headers = { ...own, host: route.host, connection: "close" };
    request = http.request({ ...common, headers, path: call.path, createConnection: () => socket });
  } else {
    const { request: open } = route.url.startsWith("https:") ? https : http;
    request = open(`${route.url}${call.path}`, { ...route.options, ...common, headers: { ...route.options.headers, ...own } });
  }
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.end(call.body);
  });
}

/** A connection that arrives after the deadline is closed, not leaked. */
function unlessAborted(dialled: Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
    dialled.then((socket) => {
      if (signal.aborted) socket.destroy();
      else resolve(socket);
    }, reject);
  });
}

/** Who gave an answer. */
export interface Origin {
  track: string | null;
  provider: string | null;
  /** Fingerprint of what the answering pod was made of. */
  release: string | null;
}

/** Which track, provider and release an answer says it came from: the body's word, else the headers'. */
export function origin(answer: Answer): Origin {
  let body: { track?: unknown; provider?: unknown } = {};
  try {
    body = Object(JSON.parse(answer.body));
  } catch {
    // An answer that is not JSON (a proxy's error page) may still carry the headers.
  }
  const text = (value: unknown, header: string) => {
    if (typeof value === "string") return value;
    const sent = answer.headers[header];
    return typeof sent === "string" ? sent : null;
  };
  return { track: text(body.track, "x-track"), provider: text(body.provider, "x-provider"), release: text(undefined, "x-release") };
}

/** Why there was no answer. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}

/** Wall clock in fractional milliseconds, the same in every thread of the machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
