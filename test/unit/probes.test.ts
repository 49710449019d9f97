import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { V1Pod } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import type { Probe } from "../../components/plan/plan.ts";
import type { ProbeContext } from "../../probes/context.ts";
import { runProbe as run } from "../../probes/probe.ts";
import { type Route, send } from "../../probes/request.ts";

function pod(
  name: string,
  { ready = true, ending = false, log = "", image = "app@sha256:aa", phase = "Running" } = {},
): V1Pod & { log: string } {
  return {
    log,
    spec: { containers: [{ name: "app", image }] },
    metadata: { name, ...(ending ? { deletionTimestamp: new Date() } : {}) },
    status: { phase, conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  };
}

/** Lists `looks` one after the other, the last one for ever. */
function context(looks: ReturnType<typeof pod>[][], route: Route | null = null): ProbeContext {
  const all = looks.flat();
  const kube = {
    pods: async () => (looks.length > 1 ? looks.shift() : looks[0]) ?? [],
    logs: async (name: string) => all.find(({ metadata }) => metadata?.name === name)?.log ?? "",
  };
  const { signal } = new AbortController();
  return {
    kube,
    send: route && ((call) => send(route, call)),
    container: "app",
    timeoutMs: 1000,
    signal,
    leverValue: async () => "app@sha256:aa",
  };
}

/** Requests are sent once. */
const runProbe = (probe: Probe, context: ProbeContext, cluster: number) => run(probe, context, { requests: 0, cluster });

const farAway = Number.POSITIVE_INFINITY;
const noCanary = { type: "pods", title: "no canary left", selector: "version=gemini", count: 0 } as const;
const fourStable = { type: "pods", title: "4 of stable", selector: "version=stable", count: 4 } as const;
const session = { type: "provider", title: "all from openai", path: "/s", body: {}, provider: "openai", of: 3 } as const;

/** Answers its requests in turn with these providers; null is a connection that is cut. */
async function serving(...providers: (string | null)[]): Promise<Route> {
  const server = createServer((request, response) => {
    const provider = providers.shift();
    if (provider === null || provider === undefined) request.socket.destroy();
    else response.end(JSON.stringify({ provider }));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return { kind: "dial", host: "mindmend", dial: async () => connect(port, "127.0.0.1") };
}

test("M3: a pod that is ending still counts as left, and is waited for", async () => {
  const result = await runProbe(noCanary, context([[pod("canary", { ending: true })], []]), farAway);
  expect(result).toMatchObject({ name: "no canary left", expected: "no pod", found: "0 ready of 0", passed: true });
});

test("what is not there when the time is up is a failed probe that says what it found", async () => {
  const pods = [pod("a"), pod("b"), pod("c", { ready: false }), pod("d", { ending: true })];
  expect(await runProbe(fourStable, context([pods]), 0)).toMatchObject({
    expected: "4 ready",
    found: "2 ready of 4 (1 ending)",
    passed: false,
  });
});

test("M2: the line must be in the log of every pod that is not ending", async () => {
  const probe = { type: "log", title: "logs its provider", selector: "version=gemini", contains: "provider: openai" } as const;
  const route = await serving();
  const pods = [pod("new", { log: "Initializing AI client with provider: openai" }), pod("old", { ending: true })];
  expect(await runProbe(probe, context([pods], route), 0)).toMatchObject({ found: "so in all 1", passed: true });
  expect(await runProbe(probe, context([[...pods, pod("other")]], route), 0)).toMatchObject({ found: "not so in other", passed: false });
  expect(await runProbe(probe, context([[]], route), 0)).toMatchObject({ found: "no such pod", passed: false });
});

test("W1: the text must be in no log of a pod that is not ending", async () => {
  const probe = { type: "noLog", title: "no [VERTEX]", selector: "app=watibot3", lacks: "[VERTEX]" } as const;
  const route = await serving();
  const pods = [pod("new", { log: "[OPENAI] Conversations go to OpenAI" }), pod("old", { ending: true, log: "[VERTEX]" })];
  expect(await runProbe(probe, context([pods], route), 0)).toMatchObject({
    expected: 'no "[VERTEX]" in the log of every pod of app=watibot3',
    found: "so in all 1",
    passed: true,
  });
  expect(await runProbe(probe, context([[...pods, pod("left", { log: "[VERTEX]" })]], route), 0)).toMatchObject({
    found: "not so in left",
    passed: false,
  });
});

test("M4: every pod that is not ending must run the image that the lever names", async () => {
  const probe = { type: "image", title: "the previous image runs", selector: "version=stable", lever: "previous.image" } as const;
  const pods = [pod("new"), pod("old", { ending: true, image: "app@sha256:bb" })];
  expect(await runProbe(probe, context([pods]), 0)).toMatchObject({
    expected: "every pod of version=stable runs app@sha256:aa",
    found: "so in all 1",
    passed: true,
  });
  expect(await runProbe(probe, context([[...pods, pod("other", { image: "app@sha256:cc" })]]), 0)).toMatchObject({
    found: "app@sha256:cc",
    passed: false,
  });
  expect(await runProbe(probe, context([[]]), 0)).toMatchObject({ found: "no such pod", passed: false });
});

test("every session must be answered by the provider", async () => {
  expect(await runProbe(session, context([], await serving("openai", "openai", "openai")), 0)).toMatchObject({ passed: true });
  expect(await runProbe(session, context([], await serving("openai", "gemini", "openai")), 0)).toMatchObject({
    expected: "3 of 3: openai",
    found: "2 of 3: openai, 1 of 3: gemini",
    passed: false,
  });
});

test("after a dropped session no further one is waited for", async () => {
  expect(await runProbe(session, context([], await serving("openai", null)), 0)).toMatchObject({
    found: "1 of 3: openai, 1 of 3: socket hang up",
    passed: false,
  });
});

test("without traffic, what needs it is neither passed nor failed", async () => {
  expect(await runProbe(session, context([]), 0)).toMatchObject({ found: "not real in a simulated cluster", passed: null });
});

test("the pod of a Job that is over takes part in nothing that its labels match", async () => {
  const pods = [pod("a", { log: "ok" }), pod("task", { ready: false, phase: "Succeeded", log: "", image: "other" })];
  const route = await serving();
  const selector = "app=mindmend";
  const log = { type: "log", title: "t", selector, contains: "ok" } as const;
  const image = { type: "image", title: "t", selector, lever: "stable.image" } as const;
  expect(await runProbe(log, context([pods], route), 0)).toMatchObject({ found: "so in all 1", passed: true });
  expect(await runProbe(image, context([pods]), 0)).toMatchObject({ found: "so in all 1", passed: true });
  expect(await runProbe({ ...fourStable, count: 1 }, context([pods]), 0)).toMatchObject({ found: "1 ready of 1", passed: true });
  const over = pods.filter(({ metadata }) => metadata?.name === "task");
  expect(await runProbe(noCanary, context([over]), 0)).toMatchObject({ found: "0 ready of 0", passed: true });
});

test("a log can be looked at from a time on, so that what was wrong before does not count", async () => {
  const asked: (number | undefined)[] = [];
  const base = context([[pod("a")]], await serving());
  const kube = {
    ...base.kube,
    async logs(_pod: string, _container: string, since?: number) {
      asked.push(since);
      return since === undefined ? "ERROR, an hour ago" : "";
    },
  };
  const probe = { type: "noLog", title: "no error", selector: "app=chat", lacks: "ERROR" } as const;
  expect(await runProbe(probe, { ...base, kube }, 0)).toMatchObject({ passed: false });
  expect(await runProbe({ ...probe, sinceSeconds: 60 }, { ...base, kube }, 0)).toMatchObject({
    expected: 'no "ERROR" in the log of every pod of app=chat, of the last 60 s',
    found: "so in all 1",
    passed: true,
  });
  expect(asked).toEqual([undefined, 60]);
});
