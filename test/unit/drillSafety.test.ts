import { describe, expect, test } from "vitest";
import { failed, failureSummary, isSafe, measure, percentile, type RequestRecord } from "../../drill/safety.ts";

const openai = { provider: "openai" };

function answer(endedAt: number, from: Partial<RequestRecord> = {}): RequestRecord {
  const scheduledAt = from.scheduledAt ?? endedAt - 10;
  return {
    scheduledAt,
    startedAt: scheduledAt,
    endedAt,
    latencyMs: endedAt - scheduledAt,
    track: "stable",
    provider: "openai",
    release: "r1",
    status: 200,
    retryAfterSeconds: null,
    saved: null,
    error: null,
    ...from,
  };
}

const gemini = (endedAt: number) => answer(endedAt, { track: "canary", provider: "gemini" });
const dropped = (endedAt: number) => answer(endedAt, { track: null, provider: null, status: null, error: "no answer within 10 s" });

describe("what counts as safe", () => {
  test("an answer of the known-good provider is safe on any track where the level moves only the provider", () => {
    expect(isSafe(answer(1, { track: "canary" }), openai)).toBe(true);
  });

  test("an answer of the known-good provider on another track is not safe where the level moves traffic", () => {
    expect(isSafe(answer(1, { track: "canary" }), { provider: "openai", track: "stable" })).toBe(false);
    expect(isSafe(answer(1), { provider: "openai", track: "stable" })).toBe(true);
  });

  test("where a level makes new pods, only an answer of those that serve after it is safe, and none until they are known", () => {
    expect(isSafe(answer(1), { releases: [] })).toBe(false);
    expect(isSafe(answer(1), { releases: ["r2"] })).toBe(false);
    expect(isSafe(answer(1), { releases: ["r1", "r2"] })).toBe(true);
    expect(isSafe(answer(1, { release: null }), { releases: ["r1"] })).toBe(false);
  });

  test("an answer outside 2xx is failed and never safe, even from the safe state", () => {
    expect(failed(answer(1, { status: 503 }))).toBe(true);
    expect(isSafe(answer(1, { status: 503 }), openai)).toBe(false);
    expect(failed(answer(1, { status: 204 }))).toBe(false);
  });
});

describe("time to safety", () => {
  test("runs from the lever to the end of the last answer that was not safe", () => {
    const records = [gemini(500), answer(900), gemini(1800), answer(1900), gemini(3300), answer(3400), answer(6000)];
    expect(measure(records, { pulledAt: 1000, safe: openai }).timeToSafetyMs).toBe(2300);
  });

  test("counts an answer by when it ended, not by when it was sent", () => {
    const slow = answer(4000, { scheduledAt: 900, provider: "gemini" });
    expect(measure([slow, answer(1500), answer(9000)], { pulledAt: 1000, safe: openai }).timeToSafetyMs).toBe(3000);
  });

  test("does not depend on the order of the records", () => {
    const records = [answer(6000), gemini(3300), gemini(500)];
    expect(measure(records, { pulledAt: 1000, safe: openai }).timeToSafetyMs).toBe(2300);
  });

  test("a failed request after the last unsafe answer moves it", () => {
    const records = [gemini(1500), dropped(2500), answer(9000)];
    expect(measure(records, { pulledAt: 1000, safe: openai })).toMatchObject({ timeToSafetyMs: 1500, failures: [dropped(2500)] });
  });

  test("is not reached where unsafe answers come until the end of the load", () => {
    const records = [answer(1500), gemini(5000), answer(5100)];
    expect(measure(records, { pulledAt: 1000, safe: openai })).toMatchObject({ timeToSafetyMs: null, p95AfterMs: null });
  });

  test("is not reached without any answer", () => {
    expect(measure([], { pulledAt: 1000, safe: openai }).timeToSafetyMs).toBeNull();
  });

  test("is zero where nothing unsafe was answered after the lever", () => {
    expect(measure([gemini(500), answer(4000)], { pulledAt: 1000, safe: openai })).toMatchObject({ timeToSafetyMs: 0, unsafeBefore: 1 });
  });
});

describe("maintenance that a level declares", () => {
  const back = { track: null, provider: null, status: 503 };
  const toldToComeBack = (endedAt: number) => answer(endedAt, { ...back, retryAfterSeconds: 60 });
  const maintenance = [{ from: 1000, to: 3000 }];

  test("B3: requests that are told to come back have not failed, and are counted for themselves", () => {
    const records = [gemini(500), toldToComeBack(1500), toldToComeBack(2500), answer(3500), answer(6000)];
    expect(measure(records, { pulledAt: 900, safe: openai, maintenance })).toMatchObject({
      failures: [],
      maintenance: { requests: 2, durationMs: 1010 },
    });
  });

  test("B3: they are not safe either, so that time to safety runs until the service is back", () => {
    const records = [gemini(500), answer(1200), toldToComeBack(2500), answer(3500), answer(6000)];
    expect(measure(records, { pulledAt: 900, safe: openai, maintenance }).timeToSafetyMs).toBe(1600);
  });

  test("B3: a 503 without Retry-After has failed, and so has anything else but an answer", () => {
    const records = [answer(1500, back), dropped(2000), answer(2500, { status: 500, retryAfterSeconds: 60 }), answer(6000)];
    expect(measure(records, { pulledAt: 900, safe: openai, maintenance })).toMatchObject({
      failures: records.slice(0, 3),
      maintenance: { requests: 0, durationMs: 0 },
    });
  });

  test("B3: before it and after it they have failed", () => {
    const records = [toldToComeBack(990), toldToComeBack(3020), answer(6000)];
    expect(measure(records, { pulledAt: 900, safe: openai, maintenance }).failures).toEqual(records.slice(0, 2));
  });

  test("where a level declares none, nobody may be told to come back", () => {
    const records = [toldToComeBack(1500), answer(6000)];
    expect(measure(records, { pulledAt: 900, safe: openai })).toMatchObject({ failures: records.slice(0, 1), maintenance: null });
  });
});

test("p95 before is of answers that ended before the lever, p95 after of requests scheduled after safety", () => {
  const records = [
    answer(100, { scheduledAt: 60 }),
    answer(1100, { scheduledAt: 100 }),
    gemini(2000),
    answer(2100, { scheduledAt: 1990 }),
    answer(9000, { scheduledAt: 8930 }),
  ];
  expect(measure(records, { pulledAt: 1000, safe: openai })).toMatchObject({ p95BeforeMs: 40, p95AfterMs: 70 });
});

test("the generator's worst lag is how late its latest request was sent", () => {
  expect(measure([answer(100, { scheduledAt: 10, startedAt: 13.5 }), answer(200)], { pulledAt: 1, safe: openai }).worstLagMs).toBe(3.5);
});

test("percentiles are nearest rank", () => {
  const latencies = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([percentile(latencies, 50), percentile(latencies, 95), percentile(latencies, 100), percentile([7], 95)]).toEqual([50, 95, 100, 7]);
  expect(percentile([], 95)).toBeNull();
});

test("failures are summed up by kind, most frequent first", () => {
  const refused = answer(1, { track: "canary", provider: "gemini", status: 502 });
  expect(failureSummary([refused, dropped(1), dropped(2)])).toEqual(["2 × no answer within 10 s", "1 × HTTP 502 from canary (gemini)"]);
});
