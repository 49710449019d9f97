import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import type { Probe } from "../../components/plan/plan.ts";
import type { ProbeContext } from "../../probes/context.ts";
import { type Patience, runProbe } from "../../probes/probe.ts";
import { send } from "../../probes/request.ts";

interface Seen {
  method: string | undefined;
  url: string | undefined;
  tenant: string | string[] | undefined;
  body: string;
}

let server: Server;
let seen: Seen[];

afterEach(() => server.close());

/** A context whose requests this handler answers; it is told which one it is, from 0. */
async function answering(handler: (response: ServerResponse, index: number, request: IncomingMessage) => void): Promise<ProbeContext> {
  seen = [];
  server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const index = seen.push({ method, url, tenant: headers["x-tenant"], body: await text(request) }) - 1;
    handler(response, index, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    kube: { pods: async () => [], logs: async () => "" },
    send: (call) => send({ kind: "url", url, options: { agent: false } }, call),
    container: "app",
    timeoutMs: 1000,
    signal: new AbortController().signal,
    leverValue: async () => "",
  };
}

const json =
  (value: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    for (const [name, header] of Object.entries(headers)) response.setHeader(name, header);
    response.end(JSON.stringify(value));
  };

const once: Patience = { requests: 0, cluster: 0 };
const finding = async (probe: Probe, context: ProbeContext, patience = once) => {
  const { expected, found, passed } = await runProbe(probe, context, patience);
  return { expected, found, passed };
};

describe("a request", () => {
  it("is a GET without a body and a POST of JSON with one, unless the plan says otherwise", async () => {
    const context = await answering(json({}));
    const base = { type: "http", title: "t", status: 200 } as const;
    await runProbe({ ...base, path: "/health" }, context, once);
    await runProbe({ ...base, path: "/chat", body: { message: "test" } }, context, once);
    await runProbe({ ...base, path: "/flags", method: "PUT", headers: { "X-Tenant": "acme" }, body: { on: false } }, context, once);
    expect(seen).toEqual([
      { method: "GET", url: "/health", tenant: undefined, body: "" },
      { method: "POST", url: "/chat", tenant: undefined, body: '{"message":"test"}' },
      { method: "PUT", url: "/flags", tenant: "acme", body: '{"on":false}' },
    ]);
  });

  it("is sent again while there is patience", async () => {
    const context = await answering((response, index) => response.writeHead(index < 2 ? 503 : 200).end());
    const probe: Probe = { type: "http", title: "t", path: "/health", status: 200 };
    expect(await finding(probe, context, { requests: Number.POSITIVE_INFINITY, cluster: 0 })).toEqual({
      expected: "HTTP 200",
      found: "HTTP 200",
      passed: true,
    });
    expect(seen).toHaveLength(3);
  });
});

describe("an http probe", () => {
  const chat: Probe = {
    type: "http",
    title: "retries are off for u1",
    path: "/api/chat",
    body: { message: "test", userId: "u1" },
    status: 200,
    answer: { contains: "hello", fields: { "retry.enabled": false }, headers: { "X-Release": "abc" } },
  };
  const expected = 'HTTP 200, "hello" in the body, retry.enabled false, X-Release: abc';

  it("C1, C2, E3, E4, B1: passes when status, body, fields and headers are what the plan says", async () => {
    const context = await answering(json({ text: "hello", retry: { enabled: false } }, { "x-release": "abc" }));
    expect(await finding(chat, context)).toEqual({ expected, found: expected, passed: true });
  });

  it("tells what each of them was instead", async () => {
    const context = await answering(json({ text: "bye", retry: { enabled: true } }));
    expect(await finding(chat, context)).toEqual({
      expected,
      found: 'HTTP 200, the body "{\\"text\\":\\"bye\\",\\"retry\\":{\\"enabled\\":true}}", retry.enabled true, X-Release: not sent',
      passed: false,
    });
  });

  it("finds no field in an answer that is not JSON, and shows of a long one how it begins", async () => {
    const context = await answering((response) => response.writeHead(502).end("x".repeat(500)));
    expect(await finding(chat, context)).toEqual({
      expected,
      found: `HTTP 502, the body "${"x".repeat(199)}…, retry.enabled not there, X-Release: not sent`,
      passed: false,
    });
  });

  it("tells why there was no answer", async () => {
    const context = await answering(() => {});
    expect(await finding({ type: "http", title: "t", path: "/", status: 200 }, context)).toEqual({
      expected: "HTTP 200",
      found: "no answer within 1 s",
      passed: false,
    });
  });
});

describe("a probe of the error rate", () => {
  const load: Probe = { type: "errorRate", title: "t", path: "/s", body: {}, requests: 100, atOnce: 20, below: 0.01 };

  it("M7, B8: passes when fewer requests fail than the plan allows", async () => {
    const context = await answering(json({}));
    expect(await finding(load, context)).toEqual({
      expected: "fewer than 1 % of 100 requests fail",
      found: "none failed",
      passed: true,
    });
    expect(seen).toHaveLength(100);
  });

  it("fails at the very share that the plan names, and tells why requests failed", async () => {
    const oneFails = await answering((response, index) => response.writeHead(index === 50 ? 500 : 200).end());
    expect(await finding(load, oneFails)).toMatchObject({ found: expect.stringMatching(/^1 of \d+ failed: 1 × HTTP 500$/), passed: false });
    server.close();
    const three = await answering((response, index) =>
      index === 1 ? response.socket?.destroy() : response.writeHead(index > 7 ? 503 : 200).end(),
    );
    const few: Probe = { ...load, requests: 10, atOnce: 1, below: 0.3 };
    expect(await finding(few, three)).toMatchObject({ found: "3 of 10 failed: 1 × socket hang up, 2 × HTTP 503", passed: false });
    expect(await finding({ ...few, below: 0.31 }, three)).toMatchObject({ passed: false, found: "4 of 4 failed: 4 × HTTP 503" });
  });

  it("has as many requests under way as the plan says", async () => {
    let under = 0;
    let most = 0;
    const context = await answering((response) => {
      most = Math.max(most, ++under);
      setTimeout(() => {
        under--;
        response.end();
      }, 5);
    });
    await runProbe({ ...load, requests: 12, atOnce: 3 }, context, once);
    expect(most).toBe(3);
  });
});

describe("a probe of the latency", () => {
  const load: Probe = { type: "latency", title: "t", path: "/s", requests: 20, atOnce: 20, quantile: 0.95, belowSeconds: 1 };

  it("M7, W2, B8: looks at the quantile: one slow answer of twenty is not p95", async () => {
    const context = await answering((response, index) => {
      if (index > 0) response.end();
    });
    expect(await finding(load, context)).toMatchObject({
      expected: "p95 of 20 requests below 1 s",
      found: expect.stringMatching(/^p95 0\.\d+ s \(1 × no answer within 1 s\)$/),
      passed: true,
    });
  });

  it("counts a request without an answer as slower than any other", async () => {
    const context = await answering((response, index) => {
      if (index > 1) response.end();
    });
    expect(await finding(load, context)).toMatchObject({
      found: "2 of 20 took 1 s or longer (2 × no answer within 1 s)",
      passed: false,
    });
  });

  it("does not wait for a service that says nothing once for each request", async () => {
    const context = await answering(() => {});
    expect(await finding({ ...load, atOnce: 2 }, context)).toMatchObject({
      found: "3 of 3 took 1 s or longer (3 × no answer within 1 s)",
      passed: false,
    });
  });
});
