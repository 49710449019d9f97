import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import type { Probe } from "../../components/plan/plan.ts";
import type { VerificationOrder } from "../../components/verificationOrder.ts";
import { verify } from "../../operations/verify/verify.ts";
import type { PodReader } from "../../probes/context.ts";

let server: Server | undefined;

afterEach(() => {
  server?.close();
});

/** The order of a service that answers each request with the next of these statuses, the last one for ever. */
async function orderOf(probes: Probe[], statuses: number[], patience = 0): Promise<VerificationOrder> {
  server = createServer((_, response) => {
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    response.writeHead(status ?? 200).end(JSON.stringify({ provider: "openai" }));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    container: "app",
    requestTimeoutSeconds: 5,
    patienceSeconds: { requests: patience, cluster: patience },
    leverValues: { "stable.image": "app@sha256:aa" },
    probes,
  };
}

const pod = { metadata: { name: "a" }, spec: { containers: [{ name: "app", image: "app@sha256:aa" }] } };
const kube: PodReader = { pods: async () => [pod], logs: async () => "ready" };

const health: Probe = { type: "http", title: "health answers 200", path: "/health", status: 200 };
const image: Probe = { type: "image", title: "the image runs", selector: "app=shop", lever: "stable.image" };
const log: Probe = { type: "log", title: "it says so", selector: "app=shop", contains: "ready" };

async function verified(order: VerificationOrder): Promise<{ passed: boolean; lines: string[] }> {
  const lines: string[] = [];
  return { passed: await verify(order, kube, (line) => lines.push(line)), lines };
}

it("prints a line for each probe: what was expected, and what was found", async () => {
  expect(await verified(await orderOf([health, image, log], [200]))).toEqual({
    passed: true,
    lines: [
      "✔ health answers 200: expected HTTP 200; found HTTP 200",
      "✔ the image runs: expected every pod of app=shop runs app@sha256:aa; found so in all 1",
      '✔ it says so: expected "ready" in the log of every pod of app=shop; found so in all 1',
    ],
  });
});

it("runs every probe, and tells at the end those that failed, where Pulumi's error shows them", async () => {
  const silent: Probe = { ...log, contains: "never" };
  expect(await verified(await orderOf([health, silent, image], [503]))).toEqual({
    passed: false,
    lines: [
      "✔ the image runs: expected every pod of app=shop runs app@sha256:aa; found so in all 1",
      "✘ health answers 200: expected HTTP 200; found HTTP 503",
      '✘ it says so: expected "never" in the log of every pod of app=shop; found not so in a',
    ],
  });
});

it("asks again while there is patience: what an update made may take a moment to reach every node", async () => {
  expect(await verified(await orderOf([health], [503, 503, 200], 60))).toMatchObject({ passed: true });
});

it("fails a probe of a lever that the stack does not set", async () => {
  const previous: Probe = { ...image, lever: "previous.image" };
  expect((await verified(await orderOf([previous], [200]))).lines).toEqual([
    "✘ the image runs: expected an answer; found the lever previous.image is not set",
  ]);
});
