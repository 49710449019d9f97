import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { measure, type RequestRecord } from "../../drill/safety.ts";
import { now } from "../../probes/request.ts";
import { newTestSystem, type TestSystem } from "./testSystem.ts";

let shop: TestSystem;
beforeAll(async () => {
  const folder = join(import.meta.dirname, "maintenance");
  // Answered without a provider.
  shop = await newTestSystem({ folder, app: "shop", call: { method: "POST", path: "/webhook", body: "{}" } });
  await shop.up();
});
afterAll(() => shop?.close());

const stable = "app=shop,rollback-stacks/track=stable";
const workers = "app=shop,rollback-stacks/worker=jobs";
const tasks = "app=shop,rollback-stacks/task=flushCache";

/** `200`, `503 and 60` for one with Retry-After, or the error. */
const kinds = (records: readonly RequestRecord[]) =>
  [
    ...new Set(
      records.map(({ status, retryAfterSeconds, error }) => error ?? `${status}${retryAfterSeconds ? ` and ${retryAfterSeconds}` : ""}`),
    ),
  ].sort();

/** The one run of the plan's task that is in the cluster. */
async function run() {
  const [pod, ...others] = await shop.kube.pods(tasks);
  expect(others).toEqual([]);
  return { name: pod?.metadata?.name, at: new Date(pod?.metadata?.creationTimestamp ?? 0).getTime(), phase: pod?.status?.phase };
}

it("B3: maintenance answers 503 with Retry-After and nothing else, and waits until workers have finished their jobs; no request is dropped", async () => {
  const previous = { stable: { image: shop.images.previous } };
  const load = await shop.load();
  const log = await shop.follow(workers);
  const from = now();
  await shop.up({ maintenance: true });
  expect(await shop.kube.pods(workers)).toEqual([]);
  expect((await log()).slice(-3)).toEqual([
    "Stopping: takes no more jobs and finishes the one it has",
    expect.stringMatching(/^Job \d+ finished$/),
    "Stopped",
  ]);
  await shop.gone(stable);
  expect((await shop.request({ method: "GET", path: "/health" })).status).toBe(200);
  expect(await shop.request({ method: "POST", path: "/webhook", body: "{}" })).toMatchObject({
    status: 503,
    headers: { "retry-after": "60", connection: "close" },
  });
  expect(await shop.preview({ maintenance: true })).toEqual({});

  await shop.up({ maintenance: true, ...previous });
  await shop.up(previous);
  const to = now();
  expect(JSON.parse((await shop.request({ method: "GET", path: "/health" })).body)).toMatchObject({ version: "1.0.0" });
  expect((await shop.kube.pods(workers)).length).toBe(1);
  expect(await shop.preview(previous)).toEqual({});

  const records = await load.stop();
  expect(kinds(records)).toEqual(["200", "503 and 60"]);
  expect(measure(records, { pulledAt: from, safe: {}, maintenance: [{ from, to }] }).failures).toEqual([]);
  const [first, last] = [records.findIndex(({ status }) => status === 503), records.findLastIndex(({ status }) => status === 503)];
  expect(kinds(records.slice(0, first))).toEqual(["200"]);
  expect(kinds(records.slice(last + 1))).toEqual(["200"]);
});

it("B1, B2: a task runs when what it follows has changed and new pods serve, and changes of anything else leave it alone", async () => {
  const before = await run();
  const smaller = { settings: { pageSize: 10 } };
  await shop.up(smaller);
  const after = await run();
  expect(after).toMatchObject({ phase: "Succeeded", name: expect.not.stringMatching(before.name ?? "") });
  const ready = (await shop.kube.pods(stable)).map(
    ({ status }) => status?.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime ?? Number.POSITIVE_INFINITY,
  );
  expect(ready.map((time) => new Date(time).getTime() <= after.at)).toEqual([true, true]);

  expect(await shop.preview({ ...smaller, aiProvider: "gemini" })).toEqual({ shop: "update", "shop-worker": "update" });
});

it("B3: after a task failed the update into maintenance, the way back drops nothing either, and the task runs again", async () => {
  const canary = (weight: number) => ({ canary: { image: shop.images.previous, weight } });
  await shop.up(canary(50));
  const before = await run();
  const load = await shop.load();
  const from = now();
  await expect(shop.up({ maintenance: true, ...canary(50), settings: { pageSize: 13 } })).rejects.toThrow("FATAL: no such page size");
  await shop.gone(stable);
  await shop.up(canary(0));
  const to = now();
  const records = await load.stop();
  expect(kinds(records)).toEqual(["200", "503 and 60"]);
  expect(measure(records, { pulledAt: from, safe: {}, maintenance: [{ from, to }] }).failures).toEqual([]);
  expect(await run()).toMatchObject({ phase: "Succeeded", name: expect.not.stringMatching(before.name ?? "") });
  expect((await shop.kube.pods(workers)).length).toBe(1);
});

it("maintenance whose page cannot start leaves the system in service", async () => {
  const load = await shop.load();
  await expect(shop.up({ maintenance: true, verification: { image: `localhost/No@sha256:${"0".repeat(64)}` } })).rejects.toThrow(
    /shop-maintenance.*InvalidImageName/,
  );
  await shop.up();
  expect(kinds(await load.stop())).toEqual(["200"]);
});
