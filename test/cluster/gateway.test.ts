import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { standInEnvironment } from "../../demo/manifests.ts";
import { hostOf, openGateway, trafficFor } from "../../drill/gateway.ts";
import { applyStandIn } from "../../drill/ground.ts";
import { drillImages } from "../../drill/images.ts";
import { Kube, kubeConfig } from "../../drill/kube.ts";
import { startLoad } from "../../drill/load.ts";
import { openRoute } from "../../drill/route.ts";
import { failed, failureSummary } from "../../drill/safety.ts";
import { configureStack } from "../../drill/stack.ts";
import { origin, type Route, send } from "../../probes/request.ts";
import { CommandError, Pulumi } from "../../pulumi/pulumi.ts";
import { stackFilePath } from "../../pulumi/stackFile.ts";
import mindmend from "../../stacks/mindmend.ts";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { projectRoot } from "../../tools/paths.ts";
import { ensure, gatewayParts, nodeParts } from "../../tools/setup/index.ts";
import { createProgress } from "../../tools/setup/progress.ts";
import { type SharedCluster, shareCluster } from "./sharedCluster.ts";

const stack = `gateway-${process.pid}-drill`;
const timeoutMs = 10_000;
const call = { method: "POST", path: "/api/therapy-session", body: JSON.stringify({ message: "test" }), timeoutMs };

let folder: string;
let shared: SharedCluster;
let kube: Kube;
let pulumi: Pulumi;
/** Where load goes: through the Gateway, and to the Service. */
let targets: Record<"gateway" | "service", Parameters<typeof startLoad>[0]["target"]>;
let throughGateway: Route;

const set = (path: string, value: string) => pulumi.run(["config", "set", ...(path.includes(".") ? ["--path"] : []), path, value]);
const up = () => pulumi.run(["up", "--yes", "--skip-preview"]);
/** Sets a lever and lets the stack follow. */
const pull = async (path: string, value: string) => {
  await set(path, value);
  await up();
};

/** How many of so many requests each track answered. */
async function answers(count: number, more: { headers?: Record<string, string>; path?: string } = {}): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let sent = 0; sent < count; sent++) {
    const answer = await send(throughGateway, { ...call, ...more });
    const who = answer.status === 200 ? (origin(answer).track ?? "nobody") : `HTTP ${answer.status}`;
    counts[who] = (counts[who] ?? 0) + 1;
  }
  return counts;
}

/** Waits until the Gateway has followed the route: on a busy node that takes a moment after the update. */
const settles = (count: number, expected: Record<string, number>, more?: Parameters<typeof answers>[1]) =>
  vi.waitFor(async () => expect(await answers(count, more)).toEqual(expected), { timeout: 30_000, interval: 300 });

/** Sends 50 requests a second while `work` goes on; the kinds of failures there were. */
async function failuresDuring(to: keyof typeof targets, work: () => Promise<void>): Promise<string[]> {
  const load = await startLoad({ target: targets[to], rate: 50, call });
  try {
    await work();
  } finally {
    await load.stop();
  }
  expect(load.records.length).toBeGreaterThan(100);
  return failureSummary(load.records.filter(failed));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gateway-"));
  await ensure([...nodeParts, ...gatewayParts], createProgress({ verbose: false }));
  shared = await shareCluster();
  const { cluster } = shared;
  kube = new Kube(kubeConfig(cluster), stack);
  pulumi = new Pulumi({
    cwd: projectRoot,
    env: pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: folder }, stateDir: folder }),
    stack,
    onLine: () => {},
  });
  const images = await drillImages(cluster);
  const gateway = await openGateway(cluster);
  // The strictest of Kubernetes' levels: every pod of a stack has to be admitted.
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await kube.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: stack, labels } }]);
  await applyStandIn(kube, images.current);
  await pulumi.run(["stack", "init", stack, "--no-select"]);
  const traffic = { mode: "gateway", ...trafficFor(stack) };
  await configureStack(pulumi, { plan: mindmend, stack, images, cluster, environment: standInEnvironment, levers: { traffic } });
  await up();
  const { clusterIP, port } = await kube.service("mindmend");
  const { name, kubeconfig, context } = cluster;
  const common = { cluster: { kind: "node" as const, name, kubeconfig, context }, namespace: stack };
  targets = {
    gateway: { ...common, ...gateway, service: hostOf(stack) },
    service: { ...common, clusterIP, port, service: "mindmend" },
  };
  throughGateway = await openRoute(targets.gateway);
});

afterAll(async () => {
  await shared?.leave(kube);
  rmSync(stackFilePath(stack), { force: true });
  rmSync(folder, { recursive: true, force: true });
});

test("M3: the Gateway shares requests by weight, exactly, and drops none while the weight goes up and down", async () => {
  await settles(100, { stable: 75, canary: 25 });
  const failures = await failuresDuring("gateway", async () => {
    await pull("canary.weight", "90");
    await pull("canary.weight", "3");
  });
  expect(failures).toEqual([]);
  await settles(100, { stable: 97, canary: 3 });
});

test("M11: one endpoint, one segment: their requests alone are answered by stable, and none is dropped", async () => {
  const enterprise = { headers: { "x-user-segment": "enterprise" } };
  const failures = await failuresDuring("gateway", async () => {
    await pull("canary.weight", "50");
    await set("pins.segments", "enterprise");
    await pull("pins.endpoints", "/api/chat");
  });
  expect(failures).toEqual([]);
  await settles(40, { stable: 40 }, enterprise);
  await settles(40, { stable: 40 }, { path: "/api/chat" });
  await settles(40, { stable: 20, canary: 20 }, { headers: { "x-user-segment": "free" } });
  await pulumi.run(["config", "rm", "pins"]);
  await up();
  await settles(40, { stable: 20, canary: 20 }, enterprise);
});

test("M2: falling back sends everything to stable at once, and forward again shares it, with none dropped", async () => {
  const failures = await failuresDuring("gateway", async () => {
    await pull("aiProvider", "openai");
    await settles(40, { stable: 40 });
    await pull("aiProvider", "gemini");
  });
  expect(failures).toEqual([]);
  await settles(40, { stable: 20, canary: 20 });
});

test("a running stack goes from a Gateway to replicas and back without dropping a request of those that come by the Service", async () => {
  await set("canary.weight", "50");
  const failures = await failuresDuring("service", async () => {
    await pull("traffic.mode", "replicas");
    await settles(3, { "HTTP 404": 3 });
    await pull("traffic.mode", "gateway");
  });
  expect(failures).toEqual([]);
  await settles(40, { stable: 20, canary: 20 });
});

test("a Gateway that is not there fails the update, which says what it waited for", async () => {
  await set("traffic.mode", "gateway");
  await set("change.level", "flag");
  await set("traffic.gateway.name", "misspelled");
  const refused = await up().catch((error) => error);
  expect(refused).toBeInstanceOf(CommandError);
  expect(refused.run.output).toMatch(/HTTPRoute.*mindmend/);
});
