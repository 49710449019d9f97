/** One request over a connection of its own, as the documents' `for … curl` loop makes them. */

import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import type { RequestRecord } from "./safety.ts";

/** How a request reaches the service: a raw connection into the cluster, or the API server's service proxy. */
export type Route =
  | { kind: "dial"; host: string; dial: () => Promise<Duplex> }
  | { kind: "proxy"; url: string; options: https.RequestOptions };

export interface Call {
  method: "GET" | "POST" | "DELETE";
  path: string;
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
  const content = call.body === undefined ? {} : { "content-type": "application/json" };
  const common = { method: call.method, signal };
  let request: http.ClientRequest;
  if (route.kind === "dial") {
    const socket = await unlessAborted(route.dial(), signal);
    const headers = { ...content, host: route.host, connection: "close" };
    request = http.request({ ...common, headers, path: call.path, createConnection: () => socket });
  } else {
    const { request: open } = route.url.startsWith("https:") ? https : http;
    request = open(`${route.url}${call.path}`, { ...route.options, ...common, headers: { ...route.options.headers, ...content } });
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

/** Sends one scheduled call and records it; never throws. Pass the time the schedule wanted it sent. */
export async function record(route: Route, call: Call, scheduledAt: number): Promise<RequestRecord> {
  const startedAt = now();
  const finish = (outcome: Pick<RequestRecord, "track" | "provider" | "release" | "status" | "error">): RequestRecord => {
    const endedAt = now();
    return { scheduledAt, startedAt, endedAt, latencyMs: endedAt - scheduledAt, ...outcome };
  };
  try {
    const answer = await send(route, call);
    return finish({ ...origin(answer), status: answer.status, error: null });
  } catch (error) {
    return finish({ track: null, provider: null, release: null, status: null, error: reason(error) });
  }
}

/** Which track, provider and release an answer says it came from: the body's word, else the headers'. */
export function origin(answer: Answer): Pick<RequestRecord, "track" | "provider" | "release"> {
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

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}

/** Wall clock in fractional milliseconds, the same in every thread of the machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
