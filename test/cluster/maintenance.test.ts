import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measure, type RequestRecord } from "../../drill/safety.ts";
import { newTestSystem, type TestSystem } from "./maintenance/system.ts";

let shop: TestSystem;
beforeAll(async () => {
  shop = await newTestSystem();
  await shop.up();
});
afterAll(() => shop.close());

const workers = "app=shop,rollback-stacks/worker=jobs";
const kinds = (records: readonly RequestRecord[]) =>
  [...new Set(records.map(({ status, retryAfterSeconds, error }) => error ?? `${status} ${retryAfterSeconds}`))].sort();

describe("maintenance, under load", () => {
  it("B3: answers 503 with Retry-After and nothing else, drops nothing, and waits until the workers have finished their jobs", async () => {
    const load = await shop.load();
    const log = await shop.follow(workers);
    const from = performance.timeOrigin + performance.now();
    await shop.up({ maintenance: true });
    expect(await shop.kube.pods(workers)).toEqual([]);
    expect((await log()).slice(-3)).toEqual([
      "Stopping: takes no more jobs and finishes the one it has",
      expect.stringMatching(/^Job \d+ finished$/),
      "Stopped",
    ]);
    expect((await shop.kube.pods("app=shop,rollback-stacks/track=stable")).length).toBe(0);
    expect((await shop.request({ method: "GET", path: "/health" })).status).toBe(200);
    expect((await shop.request({ method: "POST", path: "/webhook", body: "{}" })).headers["retry-after"]).toBe("60");

    const previous = { stable: { image: shop.images.previous } };
    await shop.up({ maintenance: true, ...previous });
    await shop.up(previous);
    const to = performance.timeOrigin + performance.now();
    expect(JSON.parse((await shop.request({ method: "GET", path: "/health" })).body)).toMatchObject({ version: "1.0.0" });
    expect((await shop.kube.pods(workers)).length).toBe(1);

    const records = await load.stop();
    expect(kinds(records)).toEqual(["200 null", "503 60"]);
    const { failures, maintenance } = measure(records, { pulledAt: from, safe: {}, maintenance: [{ from, to }] });
    expect(failures).toEqual([]);
    expect(maintenance?.requests).toBeGreaterThan(100);
    const first = records.findIndex(({ status }) => status === 503);
    const last = records.findLastIndex(({ status }) => status === 503);
    console.log(first, last, records.length, maintenance);
  });
});
