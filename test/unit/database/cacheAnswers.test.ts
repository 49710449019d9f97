import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { verify } from "../../../operations/verify/verify.ts";
import { freePort, type Redis, startRedis } from "./redis.ts";

let redis: Redis;
beforeEach(async () => {
  redis = await startRedis();
});
afterEach(() => redis.stop());

async function verified(url = redis.env.REDIS_URL, timeoutSeconds = 5) {
  const lines: string[] = [];
  const order = {
    url: "http://mindmend",
    container: "mindmend-app",
    requestTimeoutSeconds: 5,
    patienceSeconds: { requests: 0, cluster: 0 },
    leverValues: {},
    probes: [],
    cache: { timeoutSeconds },
  };
  const kube = { pods: async () => [], logs: async () => "" };
  const passed = await verify(order, kube, (line) => lines.push(line), { cache: { url, passwordFile: redis.env.REDIS_PASSWORD_FILE } });
  return { passed, lines };
}

describe("M7: the cache of an update", () => {
  test("is asked, signed in as the app is", async () => {
    expect(await verified()).toEqual({ passed: true, lines: ["✔ the cache answers: expected PONG; found PONG"] });
  });

  test("fails its verification with another password", async () => {
    writeFileSync(redis.env.REDIS_PASSWORD_FILE, "cache-0815");
    const { passed, lines } = await verified();
    expect({ passed, lines }).toEqual({
      passed: false,
      lines: [expect.stringMatching(/^✘ the cache answers: expected PONG; found WRONGPASS /)],
    });
    expect(lines.join()).not.toContain("cache-0815");
  });

  test("fails its verification where nobody answers", async () => {
    const port = await freePort();
    expect(await verified(`redis://127.0.0.1:${port}/0`)).toEqual({
      passed: false,
      lines: [`✘ the cache answers: expected PONG; found connect ECONNREFUSED 127.0.0.1:${port}`],
    });
  });

  test("fails its verification where it says nothing, and is not waited for", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    expect(await verified(`redis://127.0.0.1:${port}/0`, 0.2)).toEqual({
      passed: false,
      lines: ["✘ the cache answers: expected PONG; found no answer for 0.2 s"],
    });
    silent.close();
  });
});
