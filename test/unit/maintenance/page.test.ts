import { request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { maintenanceServer } from "../../../operations/maintenance/server.ts";

const page = {
  title: "Back <soon>",
  text: "We restore the previous version.\nNothing is lost & nothing to do.",
  retryAfterSeconds: 120,
  healthPath: "/v1/health",
};

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve() {
  const server = maintenanceServer(page).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  closers.push(() => server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

const get = async (path: string, init: RequestInit = {}) => {
  const { port } = await serve();
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
};

it("B3: answers a client 503 with Retry-After, as JSON", async () => {
  const { status, headers, body } = await get("/webhook", { method: "POST", body: "{}" });
  expect([status, headers.get("retry-after"), headers.get("cache-control")]).toEqual([503, "120", "no-store"]);
  expect(JSON.parse(body)).toEqual({ error: { kind: "maintenance", title: page.title, message: page.text }, retryAfterSeconds: 120 });
});

it("B3: shows a browser the plan's page, with what is in it taken as text", async () => {
  const { status, headers, body } = await get("/", { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } });
  expect([status, headers.get("retry-after"), headers.get("content-type")]).toEqual([503, "120", "text/html; charset=utf-8"]);
  expect(body).toContain(
    "<h1>Back &lt;soon&gt;</h1>\n<p>We restore the previous version.</p>\n<p>Nothing is lost &amp; nothing to do.</p>",
  );
});

it("answers 200 on the plan's health path, so that load balancers keep the pods", async () => {
  const { status, headers, body } = await get("/v1/health?from=lb");
  expect([status, headers.get("retry-after"), JSON.parse(body)]).toEqual([200, null, { status: "maintenance" }]);
});

it("ends each connection with its answer, so that the next request goes where traffic goes by then", async () => {
  expect((await get("/")).headers.get("connection")).toBe("close");
});

it("takes the whole of a large request before it answers, so that the client sees the answer and no broken connection", async () => {
  const { status } = await get("/upload", { method: "POST", body: Buffer.alloc(20_000_000) });
  expect(status).toBe(503);
});

it("answers a request that is under way when it is told to stop", async () => {
  const { server, port } = await serve();
  const open = request({ port, host: "127.0.0.1", method: "POST", path: "/webhook", headers: { "content-length": "4" } });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    open.on("response", async (response) => {
      await text(response);
      resolve(response.statusCode);
    });
    open.on("error", reject);
  });
  open.write("ab");
  await new Promise((resolve) => server.once("request", resolve));
  const stopped = new Promise((resolve) => server.close(resolve));
  open.end("cd");
  expect(await answered).toBe(503);
  await stopped;
});

it("outlives a client that goes away in the middle of its request", async () => {
  const { server, port } = await serve();
  const socket = connect(port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
  await new Promise((resolve) => server.once("request", resolve));
  socket.destroy();
  await sleep(20);
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(503);
});
