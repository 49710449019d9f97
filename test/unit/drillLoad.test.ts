import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type LoadOptions, startLoad } from "../../drill/load.ts";
import { record } from "../../drill/request.ts";
import type { Route } from "../../probes/request.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const dialTo = (port: number): Route => ({ kind: "dial", host: "mindmend", dial: async () => connect(port, "127.0.0.1") });
const session = { method: "POST", path: "/api/therapy-session", body: '{"message":"test"}', timeoutMs: 5000 } as const;

test("an answer is recorded with its track, provider and status", async () => {
  const port = await serve((_, response) => response.end(JSON.stringify({ response: "hello", provider: "gemini", track: "canary" })));
  expect(await record(dialTo(port), session, 1)).toMatchObject({ track: "canary", provider: "gemini", status: 200, error: null });
});

test("the row that an answer says was saved is recorded, and no other answer's word for it", async () => {
  const answers = ['{"saved":"4b6f"}', "{}", '{"saved":4711}', "null", "<html>saved</html>"];
  const port = await serve((_, response) => response.end(answers.shift()));
  const saved: (string | null)[] = [];
  while (answers.length > 0) saved.push((await record(dialTo(port), session, 1)).saved);
  expect(saved).toEqual(["4b6f", null, null, null, null]);
});

test("latency counts from the schedule, so a late send does not look fast", async () => {
  const port = await serve((_, response) => response.end("{}"));
  const { scheduledAt, startedAt, endedAt, latencyMs } = await record(dialTo(port), session, 1000);
  expect(latencyMs).toBe(endedAt - 1000);
  expect([scheduledAt, startedAt < endedAt]).toEqual([1000, true]);
});

test("an error page without JSON is recorded from its headers", async () => {
  const port = await serve((_, response) => response.writeHead(503, { "x-track": "stable", "x-provider": "openai" }).end("overloaded"));
  expect(await record(dialTo(port), session, 1)).toMatchObject({ track: "stable", provider: "openai", status: 503, error: null });
});

test("every request has a connection of its own and names the service", async () => {
  const sockets = new Set<unknown>();
  const hosts: (string | undefined)[] = [];
  const port = await serve((request, response) => {
    sockets.add(request.socket);
    hosts.push(request.headers.host);
    response.end("{}");
  });
  for (let sent = 0; sent < 3; sent++) await record(dialTo(port), session, 1);
  expect([sockets.size, hosts]).toEqual([3, ["mindmend", "mindmend", "mindmend"]]);
});

test("a service that says nothing is a dropped request that says how long it was waited for", async () => {
  const port = await serve(() => {});
  expect(await record(dialTo(port), { ...session, timeoutMs: 50 }, 1)).toMatchObject({ status: null, error: "no answer within 0.05 s" });
});

test("a connection that does not come in time is a dropped request too", async () => {
  const route: Route = { kind: "dial", host: "mindmend", dial: () => new Promise(() => {}) };
  expect(await record(route, { ...session, timeoutMs: 50 }, 1)).toMatchObject({ status: null, error: "no answer within 0.05 s" });
});

test("a refused connection is recorded, not thrown", async () => {
  const route: Route = { kind: "dial", host: "mindmend", dial: () => Promise.reject(new Error("connection refused")) };
  expect(await record(route, session, 1)).toMatchObject({ status: null, saved: null, error: "connection refused" });
});

test("on one's own cluster the load goes through the API server's service proxy, on schedule whatever is answered", async () => {
  const seen: string[] = [];
  const held: (() => void)[] = [];
  const port = await serve((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers["content-type"]}`);
    held.push(() => response.end('{"track":"stable","provider":"openai"}'));
    // Nothing is answered until ten requests wait: a closed loop would never send the second one.
    if (held.length >= 10) for (const answer of held) answer();
  });
  const load = await startLoad(loadThrough(port));
  while (seen.length < 10) await new Promise((resolve) => setTimeout(resolve, 10));
  const records = await load.stop();
  expect(new Set(seen)).toEqual(
    new Set(["POST /api/v1/namespaces/mindmend-drill/services/mindmend:80/proxy/api/therapy-session application/json"]),
  );
  expect(records.length).toBe(seen.length);
  expect(new Set(records.map(({ track, status }) => `${track} ${status}`))).toEqual(new Set(["stable 200"]));
  const schedule = records.map((entry) => entry.scheduledAt).sort((a, b) => a - b);
  const gaps = schedule.slice(1).map((time, index) => Math.round(time - (schedule[index] ?? 0)));
  expect(new Set(gaps)).toEqual(new Set([10]));
});

test("a load that cannot reach its cluster says so at once", async () => {
  const options = loadThrough(1);
  options.target.cluster.kubeconfig = "/nowhere/kubeconfig";
  await expect(startLoad(options)).rejects.toThrow(/the load generator stopped: .*\/nowhere\/kubeconfig/);
});

function loadThrough(port: number): LoadOptions {
  const kubeconfig = join(mkdtempSync(join(tmpdir(), "drill-load-")), "kubeconfig");
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "own", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
      users: [{ name: "own", user: {} }],
      contexts: [{ name: "own", context: { cluster: "own", user: "own" } }],
    }),
  );
  return {
    target: {
      cluster: { name: "own", kind: "context", kubeconfig, context: "own" },
      namespace: "mindmend-drill",
      service: "mindmend",
      clusterIP: "10.0.0.1",
      port: 80,
    },
    rate: 100,
    call: session,
  };
}
