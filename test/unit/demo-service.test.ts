import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { demoImage } from "../../demo/image.ts";
import { bundlePrograms } from "../../images/bundle.ts";
import { type Program, post, readMetrics, runToEnd, startProgram, stopProgram, untilReady } from "./demo-processes.ts";

const keys = { OPENAI_API_KEY: "sk-test-openai-4711", GEMINI_API_KEY: "test-gemini-4711", GOOGLE_API_KEY: "test-vertex-4711" };

let folder: string;
let standIn: Program;
let services: Program[] = [];
let providerUrls: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "demo-service-"));
  await bundlePrograms(demoImage.programs, folder);
  standIn = await startProgram(path.join(folder, "providers.mjs"), { LATENCY_MS: "0" });
  providerUrls = {
    OPENAI_BASE_URL: `${standIn.url}/v1`,
    GOOGLE_GEMINI_BASE_URL: standIn.url,
    GOOGLE_VERTEX_BASE_URL: standIn.url,
  };
});

afterAll(async () => {
  await stopProgram(standIn);
  await rm(folder, { recursive: true });
});

beforeEach(() => fetch(`${standIn.url}/__faults`, { method: "DELETE" }));

afterEach(async () => {
  for (const { output } of services) {
    for (const key of Object.values(keys)) expect(output()).not.toContain(key);
  }
  await Promise.all(services.map(stopProgram));
  services = [];
});

async function launchService(env: Record<string, string>): Promise<Program> {
  const service = await startProgram(path.join(folder, "service.mjs"), { ...keys, ...providerUrls, ...env });
  services.push(service);
  return service;
}

async function readyService(env: Record<string, string>): Promise<Program> {
  const service = await launchService(env);
  await untilReady(service);
  return service;
}

const fail = (fault: Record<string, unknown>) => post(`${standIn.url}/__faults`, fault);
const providerRequests = async () => (await (await fetch(`${standIn.url}/__requests`)).json()) as Record<string, number>;

describe("the demo service with a provider that works", () => {
  it.each([
    [{ AI_PROVIDER: "openai" }, "openai", "gpt-4o-mini", "[OPENAI]"],
    [{ AI_PROVIDER: "gemini" }, "gemini", "gemini-2.5-flash", "[GEMINI]"],
    [{ USE_VERTEX_AI: "true" }, "vertex", "gemini-2.5-flash", "[VERTEX]"],
    [{ USE_VERTEX_AI: "false" }, "openai", "gpt-4o-mini", "[OPENAI]"],
  ])("M2, W1: with %j a session is answered by %s", async (env, provider, model, mark) => {
    const service = await readyService({ ...env, TRACK: "canary" });
    const before = await providerRequests();
    const answer = await post(`${service.url}/api/therapy-session`, { message: "test" }, { "x-correlation-id": "call-1" });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      response: 'You wrote: "test". I am here and I am listening; tell me more about it.',
      provider,
      model,
      track: "canary",
    });
    expect(answer.headers.get("x-track")).toBe("canary");
    expect(answer.headers.get("x-provider")).toBe(provider);
    expect(answer.headers.get("x-correlation-id")).toBe("call-1");
    expect(await providerRequests()).toEqual({ ...before, [provider]: (before[provider] ?? 0) + 1 });
    expect(service.messages()).toContain(`Initializing AI client with provider: ${provider}`);
    const marks = service.messages().flatMap((message) => /^\[[A-Z]+\]/.exec(message) ?? []);
    expect(new Set(marks)).toEqual(new Set([mark]));
  });

  it("is alive but not ready until its warm-up has passed", async () => {
    const service = await launchService({ WARM_UP_SECONDS: "5" });
    const health = await fetch(`${service.url}/health`);
    expect(health.status).toBe(503);
    expect(await health.json()).toEqual({ status: "starting", provider: "openai", track: "stable", version: "development" });
    expect((await fetch(`${service.url}/livez`)).status).toBe(200);
    await untilReady(service);
    expect((await fetch(`${service.url}/v1/health`)).status).toBe(200);
  });

  it("keeps a probe waiting that comes shortly before it is ready, and says so then", async () => {
    const service = await launchService({ WARM_UP_SECONDS: "1" });
    expect((await fetch(`${service.url}/v1/health`)).status).toBe(200);
  });

  it("counts requests and provider calls by track and provider", async () => {
    const service = await readyService({ AI_PROVIDER: "gemini", TRACK: "canary", APP_VERSION: "1.1.0" });
    await post(`${service.url}/api/chat`, { message: "hello" });
    const sample = await readMetrics(service);
    const of = { track: "canary", provider: "gemini" };
    expect(sample("app_info", { ...of, version: "1.1.0" })).toBe(1);
    expect(sample("http_requests_total", { ...of, route: "/api/chat", method: "POST", status: "200" })).toBe(1);
    const call = {
      ...of,
      gen_ai_operation_name: "chat",
      gen_ai_provider_name: "gcp.gemini",
      gen_ai_request_model: "gemini-2.5-flash",
    };
    expect(sample("gen_ai_client_operation_duration_seconds_count", call)).toBe(1);
    expect(sample("gen_ai_client_token_usage_sum", { ...call, gen_ai_token_type: "output" })).toBe(18);
  });

  it("says what is wrong with a request", async () => {
    const { url } = await readyService({});
    const errorOf = async (answer: ReturnType<typeof post>) => [(await answer).status, (await answer).body.error];
    expect(await errorOf(post(`${url}/api/chat`, "{"))).toEqual([400, { kind: "request", message: "the body is not JSON" }]);
    expect(await errorOf(post(`${url}/api/chat`, { message: " " }))).toEqual([400, { kind: "request", message: "message: is empty" }]);
    expect(await errorOf(post(`${url}/health`, {}))).toEqual([405, { kind: "request", message: "/health takes GET" }]);
    expect((await errorOf(post(`${url}/api/unknown`, {})))[0]).toBe(404);
    expect(await errorOf(post(`${url}/api/chat`, { message: "x".repeat(1_100_000) }))).toEqual([
      413,
      { kind: "request", message: "the body is larger than 1048576 bytes" },
    ]);
  });
});

describe("the demo service with a provider that fails", () => {
  it.each(["openai", "gemini", "vertex"])("M6, W3: turns each failure of %s into its own kind of error", async (provider) => {
    const service = await readyService({ AI_PROVIDER: provider, AI_TIMEOUT_MS: "1500" });
    const outcomes: Record<string, unknown[]> = {};
    for (const fault of [{ status: 429 }, { status: 403 }, { status: 500 }, { safetyBlock: true }, { latencyMs: 5000 }, { silent: true }]) {
      await fail({ provider, ...fault });
      const { status, body } = await post(`${service.url}/api/therapy-session`, { message: "test" });
      outcomes[JSON.stringify(fault)] = [status, (body.error as { kind: string }).kind, body.provider];
    }
    expect(outcomes).toEqual({
      '{"status":429}': [503, "quota", provider],
      '{"status":403}': [502, "auth", provider],
      '{"status":500}': [502, "upstream", provider],
      '{"safetyBlock":true}': [502, "safety", provider],
      '{"latencyMs":5000}': [504, "timeout", provider],
      '{"silent":true}': [504, "timeout", provider],
    });
    const sample = await readMetrics(service);
    const errors = (kind: string) => sample("ai_provider_errors_total", { track: "stable", provider, kind });
    expect(["quota", "auth", "upstream", "safety", "timeout"].map(errors)).toEqual([1, 1, 1, 1, 2]);
  });

  it("says so when the provider cannot be reached", async () => {
    const service = await readyService({ OPENAI_BASE_URL: "http://127.0.0.1:1/v1" });
    const { status, body } = await post(`${service.url}/api/chat`, { message: "test" });
    expect([status, body.error]).toEqual([502, { kind: "unreachable", message: "the AI provider failed (unreachable)" }]);
  });

  it("E9: a webhook is answered 200 with a friendly text, and the log has the reason", async () => {
    const service = await readyService({ USE_VERTEX_AI: "true" });
    await fail({ provider: "vertex", status: 429 });
    const { status, body } = await post(`${service.url}/webhook`, { test: "rollback_verification" });
    expect(status).toBe(200);
    expect(body).toEqual({
      status: "failed",
      reply: "Sorry, I cannot answer right now. Please try again in a few minutes.",
      feature: "chat",
      kind: "quota",
      provider: "vertex",
      track: "stable",
    });
    expect(service.output()).toContain("Quota exceeded for aiplatform.googleapis.com");
  });
});

describe("the demo service's switches", () => {
  it("C1: without retry logic one failure is final", async () => {
    const service = await readyService({ ENABLE_RETRY_LOGIC: "false" });
    await fail({ provider: "openai", status: 500 });
    const before = await providerRequests();
    expect((await post(`${service.url}/api/chat`, { message: "test" })).status).toBe(502);
    expect((await providerRequests()).openai).toBe((before.openai ?? 0) + 1);
    expect(service.messages().filter((message) => message.startsWith("Retry"))).toEqual([
      "Retry logic: disabled",
      "Retry settings: maxAttempts=3 backoffMs=1000,2000,4000 fallback=true minTextLength=10",
    ]);
  });

  it("C2, C3: retries as often as set, then with the fallback model, but not for a user it is disabled for", async () => {
    const service = await readyService({
      ENABLE_RETRY_LOGIC: "true",
      RETRY_MAX_ATTEMPTS: "2",
      RETRY_BACKOFF_MS: "1",
      RETRY_DISABLED_USERS: "user1,user2",
    });
    await fail({ provider: "openai", status: 500 });
    const callsFor = async (userId: string) => {
      const before = await providerRequests();
      await post(`${service.url}/api/chat`, { message: "test", userId });
      return ((await providerRequests()).openai ?? 0) - (before.openai ?? 0);
    };
    expect(await callsFor("user2")).toBe(1);
    expect(await callsFor("user3")).toBe(3);
    expect((await readMetrics(service))("ai_retried_requests_total", { track: "stable", provider: "openai" })).toBe(1);
    expect(service.messages().filter((message) => message.startsWith("Retry"))).toEqual([
      "Retry logic: enabled",
      "Retry settings: maxAttempts=2 backoffMs=1 fallback=true minTextLength=10",
      "Retry 2 of 2 in 1 ms",
      "Retry with the fallback model gpt-4.1-mini",
    ]);
  });

  it("C1, C2: an answer says by what it would have been asked again, for this user and this model", async () => {
    const { url } = await readyService({
      ENABLE_RETRY_LOGIC: "true",
      RETRY_DISABLED_USERS: "user1",
      RETRY_DISABLED_MODELS: "gpt-4o",
      RETRY_BACKOFF_MS: "500,1000,2000",
      RETRY_ENABLE_FALLBACK: "false",
    });
    const ask = async (caller: Record<string, string>) => (await post(`${url}/api/chat`, { message: "test", ...caller })).body;
    const off = { enabled: false, maxAttempts: 1, backoffMs: [], fallback: false, minTextLength: 1 };
    expect(await ask({ userId: "user2" })).toMatchObject({
      attempts: 1,
      retry: { enabled: true, maxAttempts: 3, backoffMs: [500, 1000, 2000], fallback: false, minTextLength: 10 },
    });
    expect((await ask({ userId: "user1" })).retry).toEqual(off);
    expect((await ask({ userId: "user2", model: "gpt-4o" })).retry).toEqual(off);
  });

  it("E3, E4: a webhook whose feature is off answers 200 and does nothing; the others work", async () => {
    const service = await readyService({ FEATURE_AGENT_CHAT: "true", FEATURE_AGENT_VOICE: "false" });
    const before = await providerRequests();
    const voice = await post(`${service.url}/webhook`, { type: "audio", text: "hello" });
    expect([voice.status, voice.body.reason, voice.body.feature]).toEqual([200, "feature disabled", "voice"]);
    const voucher = await post(`${service.url}/webhook`, { text: "create voucher 10000" });
    expect([voucher.status, voucher.body.reason, voucher.body.feature]).toEqual([200, "feature disabled", "vouchers"]);
    expect(await providerRequests()).toEqual(before);
    expect((await post(`${service.url}/webhook`, { text: "hello" })).body.status).toBe("answered");
    expect(service.messages().filter((message) => message === "feature disabled: voice")).toHaveLength(2);
  });
});

describe("starting the demo service", () => {
  it("ends with code 1 and names the key that its provider lacks", async () => {
    const { code, output } = await runToEnd(path.join(folder, "service.mjs"), {
      AI_PROVIDER: "gemini",
      OPENAI_API_KEY: keys.OPENAI_API_KEY,
    });
    expect(code).toBe(1);
    expect(output).toContain("GEMINI_API_KEY: missing, and provider gemini cannot be used without it");
  });

  it("ends with code 1 when its port is taken", async () => {
    const port = new URL(standIn.url).port;
    const { code, output } = await runToEnd(path.join(folder, "service.mjs"), { ...keys, PORT: port });
    expect(code).toBe(1);
    expect(output).toContain(`Cannot listen on port ${port}: `);
  });
});

describe("stopping the demo service", () => {
  it("M3: answers every request under load, old connections and new ones, and ends with code 0", async () => {
    const service = await readyService({});
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const seen: { status: number | string; connection: string | undefined }[] = [];
    let loading = true;
    const worker = async () => {
      for (; loading; await sleep(10)) seen.push(await send(service.url, agent));
    };
    const workers = Array.from({ length: 8 }, worker);
    await sleep(200);
    service.child.kill("SIGTERM");
    await sleep(300);
    const health = await fetch(`${service.url}/health`);
    expect([health.status, health.headers.get("connection")]).toEqual([503, "close"]);
    loading = false;
    await Promise.all(workers);
    agent.destroy();
    await once(service.child, "close");

    expect(service.child.exitCode).toBe(0);
    expect(seen.filter(({ status }) => status !== 200)).toEqual([]);
    expect(seen.at(-1)?.connection).toBe("close");
  });

  it("is not kept from ending by the probes that go on", async () => {
    const service = await readyService({});
    const ended = once(service.child, "close");
    service.child.kill("SIGTERM");
    const probe = async (): Promise<void> => {
      const answer = await fetch(`${service.url}/health`).catch(() => undefined);
      if (answer === undefined) return;
      await sleep(100);
      return probe();
    };
    await Promise.all([ended, probe()]);
    expect(service.messages().slice(-2)).toEqual(["Stopping: serving on until no request comes, for at most 10 s", "Stopped"]);
  });

  it("answers a request that waits for a silent provider before the grace period ends", async () => {
    const service = await readyService({ SHUTDOWN_GRACE_SECONDS: "1" });
    await fail({ provider: "openai", silent: true });
    const waiting = post(`${service.url}/api/chat`, { message: "test" });
    await sleep(100);
    service.child.kill("SIGTERM");
    const { status, body } = await waiting;
    expect([status, body.error]).toEqual([503, { kind: "shutdown", message: "the AI provider failed (shutdown)" }]);
    await once(service.child, "close");
    expect(service.child.exitCode).toBe(0);
  });
});

/** One session over the agent's connections; a connection error is the outcome's status. */
function send(url: string, agent: Agent): Promise<{ status: number | string; connection: string | undefined }> {
  return new Promise((resolve) => {
    const call = request(`${url}/api/therapy-session`, { method: "POST", agent }, (response) => {
      response.resume();
      response.on("end", () => resolve({ status: response.statusCode ?? 0, connection: response.headers.connection }));
    });
    call.on("error", (error) => resolve({ status: error.message, connection: undefined }));
    call.end('{"message":"test"}');
  });
}
