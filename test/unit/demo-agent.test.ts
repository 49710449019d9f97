import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { demoImage } from "../../demo/image.ts";
import { callsPerWindow, createCallLimit, windowMs } from "../../demo/service/agent/callLimit.ts";
import { functionNames } from "../../demo/service/agent/functions.ts";
import { createSeenMessages, rememberedMs } from "../../demo/service/agent/seenMessages.ts";
import { createVouchers, type VoucherState } from "../../demo/service/agent/vouchers.ts";
import { maskPersonalData } from "../../demo/service/personalData.ts";
import { bundlePrograms } from "../../images/bundle.ts";
import { type Program, post, readMetrics, runToEnd, startProgram, stopProgram, untilReady } from "./demo-processes.ts";

describe("E9: a customer's calls", () => {
  it("are ten a minute at most, each customer for itself", () => {
    let now = 0;
    const allowed = createCallLimit(() => now);
    const calls = (customer: string, count: number) => Array.from({ length: count }, () => allowed(customer)).filter(Boolean).length;
    expect([callsPerWindow, windowMs]).toEqual([10, 60_000]);
    expect([calls("a", 12), calls("b", 3)]).toEqual([10, 3]);
    now = windowMs - 1;
    expect([calls("a", 1), calls("b", 10)]).toEqual([0, 7]);
    now = windowMs;
    expect([calls("a", 12), calls("b", 10)]).toEqual([10, 3]);
  });
});

describe("E9: a message's id", () => {
  it("is known for an hour, and then no more", () => {
    let now = 0;
    const seen = createSeenMessages(() => now);
    expect([seen("m1"), seen("m1"), seen("m2")]).toEqual([false, true, false]);
    now = rememberedMs - 1;
    expect([rememberedMs, seen("m1")]).toEqual([3_600_000, true]);
    now = rememberedMs;
    expect([seen("m1"), seen("m1")]).toEqual([false, true]);
  });
});

describe("E9: a voucher", () => {
  const owner = "+12025550100";
  const inState = async (state: VoucherState) => {
    const vouchers = createVouchers(() => "v1");
    await vouchers.create(owner, 10_000);
    if (state === "redeemed") await vouchers.redeem("v1", owner);
    if (state === "voided") await vouchers.void("v1");
    return vouchers;
  };

  it("can be redeemed or voided while it is issued", async () => {
    const voucher = { id: "v1", customer: owner, amount: 10_000 };
    expect(await (await inState("issued")).redeem("v1", owner)).toEqual({ ...voucher, state: "redeemed" });
    expect(await (await inState("issued")).void("v1")).toEqual({ ...voucher, state: "voided" });
  });

  it.each(["redeemed", "voided"] as const)("that is %s stays that", async (state) => {
    const vouchers = await inState(state);
    await expect(vouchers.redeem("v1", owner)).rejects.toThrow(`Voucher v1 is ${state} already.`);
    await expect(vouchers.void("v1")).rejects.toThrow(`Voucher v1 is ${state} already.`);
    expect((await vouchers.of(owner)).map((voucher) => voucher.state)).toEqual([state]);
  });

  it("can be redeemed by nobody else", async () => {
    const vouchers = await inState("issued");
    await expect(vouchers.redeem("v1", "+12025550101")).rejects.toThrow("There is no voucher v1 of yours.");
    expect((await vouchers.of(owner)).map((voucher) => voucher.state)).toEqual(["issued"]);
  });
});

describe("E9: personal data in a log", () => {
  it.each([
    ["chat for +12025550100", "chat for +120******00"],
    ["from 12025550100, again", "from 1202*****00, again"],
    ["asked by jane.doe@mail.example.com.", "asked by j***@mail.example.com."],
  ])("is masked: %s", (text, masked) => {
    expect(maskPersonalData(text)).toBe(masked);
  });

  it.each([
    "GET /health 200 in 12345678 ms",
    "3f2b8c1e-1234-5678-9012-123456789012",
    "app@sha256:1234567890123456",
    "call-12025550100",
    "2026-01-31T10:00:00.123Z",
  ])("is not seen where there is none: %s", (text) => {
    expect(maskPersonalData(text)).toBe(text);
  });
});

describe("the demo service as an AI agent", () => {
  const allOn = {
    OPENAI_API_KEY: "sk-test-agent-4711",
    FEATURE_AGENT_CHAT: "true",
    FEATURE_AGENT_VOICE: "true",
    FEATURE_AGENT_VOUCHERS: "true",
    FEATURE_AGENT_CUSTOMER_LOOKUP: "true",
  };
  const customer = "+12025550100";
  let folder: string;
  let standIn: Program;
  let started: Program[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "demo-agent-"));
    await bundlePrograms(demoImage.programs, folder);
    standIn = await startProgram(path.join(folder, "providers.mjs"), { LATENCY_MS: "0" });
  });
  afterAll(async () => {
    await stopProgram(standIn);
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    await Promise.all(started.map(stopProgram));
    started = [];
    await fetch(`${standIn.url}/__faults`, { method: "DELETE" });
  });

  async function agent(env: Record<string, string> = {}, ...args: string[]): Promise<Program> {
    const program = await startProgram(
      path.join(folder, "service.mjs"),
      { ...allOn, OPENAI_BASE_URL: `${standIn.url}/v1`, ...env },
      ...args,
    );
    started.push(program);
    await untilReady(program);
    return program;
  }
  const requests = async () => ((await (await fetch(`${standIn.url}/__requests`)).json()) as { openai: number }).openai;

  it("E9: handles a message once, however often the channel sends it", async () => {
    const { url } = await agent();
    const before = await requests();
    const send = async () => (await post(`${url}/webhook`, { id: "wamid.1", from: customer, text: "hello" })).body;
    expect((await send()).status).toBe("answered");
    expect(await send()).toMatchObject({ status: "ignored", reason: "duplicate message" });
    expect(await requests()).toBe(before + 1);
  });

  it("E9: asks a customer to wait after ten calls in a minute, with 200, and nobody else", async () => {
    const { url } = await agent();
    const send = async (from: string) => (await post(`${url}/webhook`, { from, text: "hello" })).body.status;
    const statuses: unknown[] = [];
    for (let call = 0; call < 11; call++) statuses.push(await send(customer));
    expect(statuses).toEqual([...Array(10).fill("answered"), "limited"]);
    expect(await send("+12025550101")).toBe("answered");
  });

  it("E9: answers 200 to what is no delivery at all", async () => {
    const { url } = await agent();
    const { status, body } = await post(`${url}/webhook`, "{");
    expect([status, body.status, body.reason]).toEqual([200, "ignored", "the body is not JSON"]);
  });

  it("E2, E9: carries out the smoke test's cases, under the caller's correlation id and without anybody's number in its log", async () => {
    const program = await agent();
    const write = async (text: string) =>
      (await post(`${program.url}/webhook`, { from: customer, text }, { "x-correlation-id": "smoke-1" })).body;
    expect((await write("hello")).reply).toContain('You wrote: "hello"');
    const made = await write(`create voucher 10000 for ${customer}`);
    const { id } = made.voucher as { id: string };
    expect(made).toMatchObject({ status: "answered", feature: "vouchers", voucher: { customer, amount: 10_000, state: "issued" } });
    expect(await write(`lookup ${customer}`)).toMatchObject({ feature: "customerLookup", vouchers: [{ id, state: "issued" }] });
    expect(await write(`redeem voucher ${id}`)).toMatchObject({ status: "answered", voucher: { state: "redeemed" } });
    expect(await write(`void voucher ${id}`)).toMatchObject({ status: "refused", reply: `Voucher ${id} is redeemed already.` });
    expect(await write("lookup me")).toMatchObject({ status: "refused", reply: expect.stringContaining("is no phone number") });
    expect(program.messages()).toContain("vouchers for +120******00");
    const logged = () =>
      program
        .output()
        .split("\n")
        .filter((line) => line.includes("POST /webhook"))
        .map((line) => JSON.parse(line).correlationId);
    // A request is logged once it is answered.
    await expect.poll(logged).toEqual(Array(6).fill("smoke-1"));
    expect(program.output()).not.toContain(customer.slice(1));
  });

  it("E7: counts how its conversations end, which their status does not tell, and what they cost", async () => {
    const program = await agent({ AI_INPUT_CENTS_PER_MILLION_TOKENS: "0", AI_OUTPUT_CENTS_PER_MILLION_TOKENS: "1000000" });
    await post(`${program.url}/webhook`, { text: "hello" });
    await post(`${standIn.url}/__faults`, { provider: "openai", status: 500 });
    await post(`${program.url}/webhook`, { text: "hello" });
    const sample = await readMetrics(program);
    const of = { track: "stable", provider: "openai" };
    const ended = (status: string) => sample("ai_conversations_total", { ...of, status });
    expect([ended("answered"), ended("failed")]).toEqual([1, 1]);
    // 72 characters are 18 tokens, at a cent each.
    expect(sample("ai_cost_usd_total", of)).toBeCloseTo(0.18, 9);
  });

  it.each(functionNames)("E5: can be the function %s alone, healthy, and answering nothing else", async (name) => {
    const { url } = await agent({ TRACK: name }, name);
    const { status, body } = await post(`${url}/functions/v1/${name}`, { amount: 5, customer, id: "none", text: "hello" });
    const [expected, answered] = {
      "ai-lookup-customer": [200, { status: "done", vouchers: [] }],
      "ai-create-voucher": [200, { status: "done", voucher: { state: "issued" } }],
      "ai-redeem-voucher": [409, { error: { message: "There is no voucher none of yours." } }],
      "ai-void-voucher": [409, { error: { message: "There is no voucher none of yours." } }],
      "ai-whatsapp-webhook": [200, { status: "answered", feature: "chat" }],
      "ai-realtime-webhook": [200, { status: "answered", feature: "voice" }],
    }[name] as [number, object];
    expect({ status, body }).toMatchObject({ status: expected, body: answered });
    expect((await post(`${url}/webhook`, {})).status).toBe(404);
  });

  it("E2: a function whose feature is off answers 200 and says so in its log", async () => {
    const program = await agent({ FEATURE_AGENT_VOUCHERS: "false" }, "ai-create-voucher");
    const { status, body } = await post(`${program.url}/functions/v1/ai-create-voucher`, { amount: 5, customer });
    expect([status, body.status, body.reason]).toEqual([200, "ignored", "feature disabled"]);
    expect(program.messages().filter((message) => message === "feature disabled: vouchers")).toHaveLength(2);
  });

  it("says which functions there are when it is told to be another", async () => {
    const { code, output } = await runToEnd(path.join(folder, "service.mjs"), allOn, "ai-teapot");
    expect(code).toBe(1);
    expect(output).toContain(`ai-teapot\\" is not a function; expected one of ${functionNames.join(", ")}`);
  });
});
