import { describe, expect, it } from "vitest";
import { loadConfig } from "../../demo/service/config.ts";
import { backoffBefore } from "../../demo/service/retry.ts";
import { isOn } from "../../demo/service/switch.ts";

const keys = { OPENAI_API_KEY: "k1", GEMINI_API_KEY: "k2", GOOGLE_API_KEY: "k3" };
const retryOf = (env: Record<string, string>) => loadConfig({ ...keys, ENABLE_RETRY_LOGIC: "true", ...env }).retry;

describe("the demo service's environment", () => {
  it("names every wrong variable at once, and says what each expects", () => {
    const load = () =>
      loadConfig({
        ...keys,
        AI_PROVIDER: "openia",
        RETRY_ROLLOUT_PERCENT: "101",
        RETRY_BACKOFF_MS: "500,soon",
        ENABLE_RETRY_LOGIC: "maybe",
        OPENAI_BASE_URL: "ai-providers",
      });
    expect(load).toThrow(
      [
        "the environment is not usable:",
        '  AI_PROVIDER: "openia" is not a provider; expected openai, gemini, vertex',
        '  OPENAI_BASE_URL: "ai-providers" is not an http(s) URL',
        '  ENABLE_RETRY_LOGIC: "maybe" is neither true nor false',
        '  RETRY_ROLLOUT_PERCENT: "101" is not a whole number from 0 to 100',
        '  RETRY_BACKOFF_MS: "soon" is not a whole number from 0 to 60000',
      ].join("\n"),
    );
  });

  it("refuses a USE_VERTEX_AI that contradicts AI_PROVIDER", () => {
    expect(() => loadConfig({ ...keys, AI_PROVIDER: "openai", USE_VERTEX_AI: "true" })).toThrow(
      "USE_VERTEX_AI: true contradicts AI_PROVIDER=openai; set one of them",
    );
  });

  it("takes an empty variable for an unset one", () => {
    expect(() => loadConfig({ ...keys, OPENAI_API_KEY: "" })).toThrow("OPENAI_API_KEY: missing");
    expect(retryOf({ RETRY_MAX_ATTEMPTS: "" }).maxAttempts).toBe(3);
  });

  it("E1: has agent switches only where the release declares one, and then those not declared are off", () => {
    expect(loadConfig(keys).agents).toBeUndefined();
    const { agents } = loadConfig({ ...keys, FEATURE_AGENT_VOUCHERS: "true" });
    expect(agents).toEqual({ chat: false, voice: false, vouchers: true, customerLookup: false });
  });
});

describe("whom retries apply to", () => {
  const retryApplies = (retry: ReturnType<typeof retryOf>, model: string, user: string | undefined) => isOn(retry.switch, { user, model });
  const users = Array.from({ length: 1000 }, (_, index) => `user-${index}`);
  const reached = (percent: number) => users.filter((user) => retryApplies(retryOf({ RETRY_ROLLOUT_PERCENT: `${percent}` }), "m", user));

  it("C2: a share is sticky: whoever is in a smaller one is in every larger one", () => {
    const [none, some, more, all] = [reached(0), reached(10), reached(50), reached(100)];
    expect([none.length, all.length]).toEqual([0, 1000]);
    expect(Math.round(some.length / 100)).toBe(1);
    expect(Math.round(more.length / 100)).toBe(5);
    expect(more).toEqual(expect.arrayContaining(some));
  });

  it("C2: a disabled user or model is left out, and so is a request without a user while the share is partial", () => {
    const retry = retryOf({ RETRY_DISABLED_USERS: "user1, user2", RETRY_DISABLED_MODELS: "m2" });
    expect(retryApplies(retry, "m1", "user2")).toBe(false);
    expect(retryApplies(retry, "m2", "user3")).toBe(false);
    expect(retryApplies(retry, "m1", "user3")).toBe(true);
    expect(retryApplies(retry, "m1", undefined)).toBe(true);
    expect(retryApplies(retryOf({ RETRY_ROLLOUT_PERCENT: "99" }), "m1", undefined)).toBe(false);
  });

  it("C3: the last delay serves all attempts beyond the list", () => {
    const { backoffMs } = retryOf({ RETRY_BACKOFF_MS: "500,1000" });
    expect([2, 3, 4].map((attempt) => backoffBefore(attempt, backoffMs))).toEqual([500, 1000, 1000]);
  });
});

it("B1: an enhancement that is off for a tenant is on for the others, and for a request that names none", () => {
  const { harmonization } = loadConfig({
    ...keys,
    ENABLE_MESSAGE_HARMONIZATION: "true",
    MESSAGE_HARMONIZATION_DISABLED_TENANTS: "t1, t2",
  }).shop;
  expect(["t1", "t2", "t3", undefined].map((tenant) => isOn(harmonization, { tenant }))).toEqual([false, false, true, true]);
});
