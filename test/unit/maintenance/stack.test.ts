import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { checkLevers } from "../../../components/levers/check.ts";
import type { ReleaseRecord } from "../../../components/releaseRecord.ts";
import { RollbackPlan } from "../../../components/rollbackPlan.ts";
import { tasksSince } from "../../../components/stackState.ts";
import { image, inService, shop } from "./plan.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

interface Registered {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever was registered
  inputs: any;
  /** What was there already when it was registered. */
  there: string[];
}

let registered: Map<string, Registered>;
let made: string[];

beforeEach(async () => {
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, inputs }) {
        const key = `${type.split(":").at(-1)} ${name}`;
        registered.set(key, { type, inputs, there: made });
        // Whatever does not wait for it is registered meanwhile.
        await new Promise((resolve) => setTimeout(resolve, 5));
        made = [...made, key];
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "rollback-stacks",
    "shop-test",
  );
});

async function deploy(levers: Record<string, unknown>, last?: ReleaseRecord, plan = shop()): Promise<ReleaseRecord> {
  registered = new Map();
  made = [];
  const stack = new RollbackPlan("shop", { plan, levers: checkLevers(plan, { ...inService, ...levers }, "s"), last });
  await waitForRPCs();
  return new Promise((resolve) => stack.record.apply(resolve));
}

const names = (kind: string) => [...registered.keys()].flatMap((key) => (key.startsWith(`${kind} `) ? [key.slice(kind.length + 1)] : []));
const spec = (key: string) => registered.get(key)?.inputs.spec;
const container = (key: string) => spec(key).template.spec.containers[0];
const workloads = (key: string) => registered.get(key)?.there.filter((name) => /^(Deployment|Service|Job) /.test(name));

describe("maintenance", () => {
  it("B3: sends traffic to the plan's page first, then takes the tracks' pods, and has no workers", async () => {
    const before = await deploy({});
    const { selector, tracks } = await deploy({ maintenance: true }, before);
    expect(selector).toEqual({ app: "shop", "rollback-stacks/role": "maintenance" });
    expect(spec("Service shop").selector).toEqual(selector);
    expect(workloads("Service shop")).toEqual(["Deployment shop-maintenance"]);
    expect(workloads("Deployment shop")).toEqual(["Deployment shop-maintenance", "Service shop"]);
    expect(spec("Deployment shop").replicas).toBe(0);
    expect(names("Deployment")).toEqual(["shop-maintenance", "shop"]);
    expect(tracks).toMatchObject([{ track: "stable", replicas: 0, serving: false }]);
  });

  it("B3: makes tracks ready on the way back, then moves traffic, then starts workers, and has no page any more", async () => {
    const last = await deploy({ maintenance: true }, await deploy({}));
    const { selector } = await deploy({ stable: { image: image("b") } }, last);
    expect(selector).toEqual({ app: "shop", "rollback-stacks/track": "stable" });
    expect(spec("Deployment shop").replicas).toBe(2);
    expect(workloads("Service shop")).toEqual(["Deployment shop"]);
    expect(workloads("Deployment shop-worker")).toEqual(["Deployment shop", "Service shop"]);
    expect(names("Deployment")).not.toContain("shop-maintenance");
  });

  it("B3: serves the page from pods that only the Service's selector in maintenance finds, on the port of the app", async () => {
    const { selector } = await deploy({ maintenance: true }, await deploy({}));
    expect(spec("Deployment shop-maintenance").template.metadata.labels).toEqual(selector);
    const { image: served, args, ports, env, lifecycle, readinessProbe } = container("Deployment shop-maintenance");
    expect({ served, args, ports, env, lifecycle, path: readinessProbe.httpGet.path }).toEqual({
      served: image("e"),
      args: ["/app/maintenance.mjs"],
      ports: [{ name: "http", containerPort: 8080 }],
      env: [
        { name: "PORT", value: "8080" },
        { name: "HEALTH_PATH", value: "/health" },
        { name: "RETRY_AFTER_SECONDS", value: "60" },
        { name: "TITLE", value: "Back soon" },
        { name: "TEXT", value: "We restore the previous version." },
      ],
      lifecycle: { preStop: { sleep: { seconds: 3 } } },
      path: "/health",
    });
  });

  it("confines the page's pods as it does the app's", async () => {
    await deploy({ maintenance: true }, await deploy({}));
    const confinement = (key: string) => {
      const { automountServiceAccountToken, securityContext, containers } = spec(key).template.spec;
      return { automountServiceAccountToken, securityContext, container: containers[0].securityContext };
    };
    expect(confinement("Deployment shop-maintenance")).toEqual(confinement("Deployment shop"));
    expect(confinement("Deployment shop").container).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });
});

describe("a worker", () => {
  it.each([
    [false, { type: "RollingUpdate", rollingUpdate: { maxSurge: "100%", maxUnavailable: 0 } }],
    [true, { type: "Recreate" }],
  ])("B3: that is alone (%s) is replaced so that there are never two", async (alone, strategy) => {
    const jobs = { deployment: "shop-worker", command: ["celery"], replicas: 1, drainSeconds: 30, alone };
    await deploy({}, undefined, shop({ workers: { jobs } }));
    expect(spec("Deployment shop-worker").strategy).toEqual(strategy);
  });

  it("runs its command with the image, settings, flags and credentials of stable, and takes no traffic", async () => {
    const { selector } = await deploy({});
    const [worker, stable] = [container("Deployment shop-worker"), container("Deployment shop")];
    expect(worker.command).toEqual(["celery", "-A", "config", "worker"]);
    expect([worker.image, worker.envFrom]).toEqual([stable.image, stable.envFrom]);
    const serving = new Set(["PORT", "TRACK", "SHUTDOWN_GRACE_SECONDS"]);
    expect(worker.env).toEqual(stable.env.filter(({ name }: { name: string }) => !serving.has(name)));
    const { labels } = spec("Deployment shop-worker").template.metadata;
    expect(Object.entries(selector).every(([key, value]) => labels[key] === value)).toBe(false);
  });

  it("B3: has the plan's longest wait for finishing what it has", async () => {
    await deploy({});
    expect(spec("Deployment shop-worker").template.spec.terminationGracePeriodSeconds).toBe(120);
  });

  it("B2: gets new pods with changed settings, as the tracks do, and old ones go only when new ones run", async () => {
    const templates = () => ["Deployment shop", "Deployment shop-worker"].map((key) => JSON.stringify(spec(key).template));
    const last = await deploy({});
    const before = templates();
    await deploy({ settings: { pageSize: 10 } }, last);
    expect(templates().map((template, index) => template === before[index])).toEqual([false, false]);
    expect(spec("Deployment shop-worker").strategy.rollingUpdate).toEqual({ maxSurge: "100%", maxUnavailable: 0 });
  });
});

describe("a task", () => {
  const jobs = (task: string) => names("Job").filter((name) => name.startsWith(`shop-${task}-`));
  const flush = () => jobs("flush-cache");

  it("B1: runs after traffic, pods and workers have followed, one task after the other, in a pod of stable", async () => {
    await deploy({});
    expect(workloads(`Job ${flush()[0]}`)).toEqual(["Deployment shop", "Service shop", "Deployment shop-worker"]);
    expect(workloads(`Job ${jobs("warm-up")[0]}`)?.at(-1)).toBe(`Job ${flush()[0]}`);
    const { command, image: used, envFrom } = container(`Job ${flush()[0]}`);
    expect([command, used]).toEqual([["redis-cli", "FLUSHDB"], image("a")]);
    expect(envFrom).toEqual(container("Deployment shop").envFrom);
  });

  it("B1, B2: runs again when what it follows changes, and when that changes back, but not otherwise", async () => {
    const last = await deploy({});
    const [first, warmUp] = [flush(), jobs("warm-up")];
    const jobsAfter = async (levers: Record<string, unknown>) => {
      await deploy(levers, last);
      return { flush: flush(), warmUp: jobs("warm-up") };
    };
    expect(await jobsAfter({})).toEqual({ flush: first, warmUp });
    expect(await jobsAfter({ aiProvider: "gemini" })).toEqual({ flush: first, warmUp });
    expect(await jobsAfter({ maintenance: true })).toEqual({ flush: first, warmUp });
    const flag = await jobsAfter({ flags: { search: true } });
    const settings = await jobsAfter({ settings: { pageSize: 10 } });
    const code = await jobsAfter({ stable: { image: image("b") } });
    expect(new Set([first, flag.flush, settings.flush, code.flush].flat()).size).toBe(4);
    expect([flag.warmUp, settings.warmUp]).toEqual([warmUp, warmUp]);
    expect(code.warmUp).not.toEqual(warmUp);
  });

  it("B2: runs again when the state of before comes back, also after an update that failed had run it for another", async () => {
    const last = await deploy({});
    const first = flush();
    const changed = await deploy({ settings: { pageSize: 10 } }, last);
    const state = [{ type: "kubernetes:batch/v1:Job", outputs: { metadata: registered.get(`Job ${flush()[0]}`)?.inputs.metadata } }];
    const back = await deploy({}, changed);
    expect(flush()).not.toEqual(first);
    expect(back.tasks?.flushCache).toEqual({ ...last.tasks?.flushCache, run: 3 });
    const afterFailure = await deploy({}, { ...last, tasks: tasksSince(last.tasks, state) });
    expect(flush()).not.toEqual(first);
    expect(afterFailure.tasks?.flushCache).toEqual({ ...last.tasks?.flushCache, run: 2 });
  });

  it("has the plan's time and two more tries, stays when it is over, and is tried again when it failed", async () => {
    await deploy({});
    const { backoffLimit, activeDeadlineSeconds, ttlSecondsAfterFinished } = spec(`Job ${jobs("warm-up")[0]}`);
    expect({ backoffLimit, activeDeadlineSeconds, ttlSecondsAfterFinished }).toEqual({ backoffLimit: 2, activeDeadlineSeconds: 60 });
    expect(registered.get(`Job ${flush()[0]}`)?.inputs.metadata.annotations).toEqual({ "pulumi.com/replaceUnready": "true" });
  });
});
