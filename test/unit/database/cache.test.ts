import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { demoImage } from "../../../demo/image.ts";
import { bundlePrograms } from "../../../images/bundle.ts";
import { type Program, post, runToEnd, startProgram, stopProgram, untilReady } from "../demo-processes.ts";
import { type Redis, startRedis } from "./redis.ts";

let redis: Redis;
let folder: string;
let standIn: Program;
const services: Program[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cache-"));
  [redis] = await Promise.all([startRedis(), bundlePrograms(demoImage.programs, folder)]);
  standIn = await startProgram(join(folder, "providers.mjs"), { LATENCY_MS: "0" });
});

afterEach(async () => {
  await Promise.all(services.splice(0).map(stopProgram));
});

afterAll(async () => {
  await stopProgram(standIn);
  await redis.stop();
  rmSync(folder, { recursive: true });
});

/** The demo service with one enhancement on or off. */
async function release(grounded: boolean, env: Record<string, string> = redis.env): Promise<Program> {
  const provider = { OPENAI_API_KEY: "sk-test-openai-4711", OPENAI_BASE_URL: `${standIn.url}/v1` };
  const service = await startProgram(join(folder, "service.mjs"), {
    ...provider,
    ...env,
    ENABLE_GROUNDED_VALIDATION: `${grounded}`,
  });
  services.push(service);
  await untilReady(service);
  return service;
}

async function grounded({ url }: Program, tenant: string): Promise<unknown> {
  const { status, body } = await post(`${url}/webhook`, { text: "Which blue shoes do you have?", tenant });
  expect(status).toBe(200);
  return (body.shop as Record<string, unknown>).groundedValidation;
}

const redisCli = (...args: string[]) => runToEnd(join(folder, "cache.mjs"), redis.env, ...args);

test("B1: what the release before has put into the cache is what the next one answers, until Redis is emptied", async () => {
  const [before, after] = [await release(true), await release(false)];
  expect(await grounded(before, "acme")).toBe(true);
  expect(await grounded(after, "acme")).toBe(true);
  expect(await grounded(after, "globex")).toBe(false);
  const { code, output } = await redisCli("FLUSHDB");
  expect(code).toBe(0);
  expect(output).toContain("Done: redis-cli FLUSHDB: OK");
  expect(await grounded(after, "acme")).toBe(false);
});

test("B1: where a pod of the release before still answers, an emptied cache has its word again: tasks have to wait for its end", async () => {
  const [before, after] = [await release(true), await release(false)];
  await redisCli("FLUSHDB");
  expect(await grounded(before, "initech")).toBe(true);
  expect(await grounded(after, "initech")).toBe(true);
});

test("without its cache a service answers as it is itself", async () => {
  const service = await release(false, { ...redis.env, REDIS_URL: "redis://127.0.0.1:1/0" });
  expect(await grounded(service, "acme")).toBe(false);
});

test("redis-cli fails where Redis refuses, and prints no password", async () => {
  const { code, output } = await redisCli("FLUSHALLL");
  expect(code).toBe(1);
  expect(output).toContain("redis-cli: ERR unknown command 'FLUSHALLL'");
  expect(output).not.toContain("cache-4711");
});
