import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { alertRules } from "../../components/alerts/rules.ts";
import { checkLevers } from "../../components/levers/check.ts";
import type { ReleaseRecord } from "../../components/releaseRecord.ts";
import { RollbackPlan } from "../../components/rollbackPlan.ts";
import mindmend from "../../stacks/mindmend.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

const image = `registry.example/app@sha256:${"a".repeat(64)}`;
const canaryImage = `registry.example/app@sha256:${"b".repeat(64)}`;
const before = {
  system: "mindmend",
  // Of which the guards ask little: they have tests of their own.
  environment: "development",
  aiProvider: "gemini",
  stable: { image, aiProvider: "openai" },
  canary: { image: canaryImage, weight: 25 },
  credentials: { openai: { apiKey: "sk-one" }, gemini: { apiKey: "key-two" } },
};

interface Registered {
  type: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever was registered
  inputs: any;
}

let registered: Registered[];

beforeEach(async () => {
  registered = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "rollback-stacks",
    "mindmend-test",
  );
});

async function deploy(levers: Record<string, unknown>, last?: ReleaseRecord): Promise<ReleaseRecord> {
  const plan = new RollbackPlan("mindmend", { plan: mindmend, levers: checkLevers(mindmend, levers, "s"), last });
  await waitForRPCs();
  return new Promise((resolve) => plan.record.apply(resolve));
}

const find = (type: string, name: string): Registered => {
  const found = registered.find((resource) => resource.type === type && resource.name === name);
  if (!found) throw new Error(`no ${type} ${name} among ${registered.map((resource) => `${resource.type} ${resource.name}`).join(", ")}`);
  return found;
};
const deployment = (name: string) => find("kubernetes:apps/v1:Deployment", name).inputs.spec;
const container = (name: string) => deployment(name).template.spec.containers[0];
const order = () =>
  registered.map(({ name, type }) => (/:(Deployment|Service)$/.test(type) ? name : undefined)).filter((name) => name !== undefined);

describe("mindmend in the middle of its migration", () => {
  it("keeps stable at full capacity beside a quarter of the traffic on the canary", async () => {
    await deploy(before);
    expect(deployment("mindmend-backend").replicas).toBe(4);
    expect(deployment("mindmend-backend-canary").replicas).toBe(1);
  });

  it("M2: tells each track its provider where the document's grep finds it", async () => {
    await deploy(before);
    expect(container("mindmend-backend").env).toContainEqual({ name: "AI_PROVIDER", value: "openai" });
    expect(container("mindmend-backend-canary").env).toContainEqual({ name: "AI_PROVIDER", value: "gemini" });
  });

  it("gives a pod only its own provider's credentials, from a Secret", async () => {
    await deploy(before);
    const fromSecret = (name: string) =>
      container(name).env.filter((entry: { valueFrom?: { secretKeyRef?: unknown } }) => entry.valueFrom?.secretKeyRef);
    expect(fromSecret("mindmend-backend").map(({ name }: { name: string }) => name)).toEqual(["OPENAI_API_KEY"]);
    expect(fromSecret("mindmend-backend-canary").map(({ name }: { name: string }) => name)).toEqual(["GEMINI_API_KEY"]);
  });

  it("puts every credential into an immutable Secret", async () => {
    await deploy(before);
    const secrets = registered.filter(({ type }) => type === "kubernetes:core/v1:Secret");
    expect(secrets).toHaveLength(2);
    expect(secrets.every(({ inputs }) => inputs.immutable === true)).toBe(true);
  });

  it("M12: puts settings into an immutable ConfigMap whose name changes with them", async () => {
    await deploy(before);
    const first = container("mindmend-backend").envFrom[0].configMapRef.name;
    registered = [];
    await deploy({ ...before, settings: { aiTimeoutMs: 5000 } });
    const second = container("mindmend-backend").envFrom[0].configMapRef.name;
    expect(second).not.toBe(first);
    expect(find("kubernetes:core/v1:ConfigMap", second).inputs).toMatchObject({
      immutable: true,
      data: { AI_TIMEOUT_MS: "5000", WARM_UP_SECONDS: "0" },
    });
  });

  it("keeps the settings of the two updates before, for ReplicaSets made with them", async () => {
    const last = await deploy(before);
    const settings = [...last.settings, { hash: "older", data: { A: "1" } }, { hash: "oldest", data: { A: "0" } }];
    registered = [];
    const next = await deploy({ ...before, settings: { aiTimeoutMs: 5000 } }, { ...last, settings });
    expect(next.settings.map(({ hash }) => hash).slice(1)).toEqual([last.settings[0]?.hash, "older"]);
    expect(registered.filter(({ type }) => type.endsWith(":ConfigMap"))).toHaveLength(3);
  });

  it("never goes below capacity while pods are replaced, and lets them finish what they have", async () => {
    await deploy(before);
    expect(deployment("mindmend-backend").strategy.rollingUpdate).toEqual({ maxSurge: "100%", maxUnavailable: 0 });
    expect(container("mindmend-backend").lifecycle).toEqual({ preStop: { sleep: { seconds: 3 } } });
    expect(deployment("mindmend-backend").template.spec.terminationGracePeriodSeconds).toBe(18);
  });
});

describe("the way traffic moves", () => {
  it("M2: level 1 moves traffic to pods that already answer from openai, then restarts the canary", async () => {
    const record = await deploy(before);
    registered = [];
    const after = await deploy({ ...before, aiProvider: "openai" }, record);
    expect(after.selector).toEqual({ app: "mindmend", "rollback-stacks/provider": "openai" });
    expect(order()[0]).toBe("mindmend");
    expect(container("mindmend-backend-canary").env).toContainEqual({ name: "AI_PROVIDER", value: "openai" });
  });

  it("M3: level 2 moves traffic to stable, then takes the canary's pods away", async () => {
    const record = await deploy(before);
    registered = [];
    await deploy({ ...before, canary: { ...before.canary, weight: 0 } }, record);
    expect(find("kubernetes:core/v1:Service", "mindmend").inputs.spec.selector).toEqual({
      app: "mindmend",
      "rollback-stacks/track": "stable",
    });
    expect(order()[0]).toBe("mindmend");
    expect(deployment("mindmend-backend-canary").replicas).toBe(0);
    expect(deployment("mindmend-backend").replicas).toBe(4);
  });

  it("moving forward again makes the canary ready before it gets traffic", async () => {
    const record = await deploy({ ...before, canary: { ...before.canary, weight: 0 } });
    registered = [];
    await deploy(before, record);
    expect(order().at(-1)).toBe("mindmend");
  });

  it("changes nothing when the levers did not change", async () => {
    const record = await deploy(before);
    const first = registered;
    registered = [];
    const again = await deploy(before, record);
    expect(again).toEqual(record);
    expect(registered.map(({ inputs }) => inputs).length).toBe(first.length);
    expect(new Map(registered.map(({ name, inputs }) => [name, inputs]))).toEqual(new Map(first.map(({ name, inputs }) => [name, inputs])));
  });
});

describe("the alerts of a stack", () => {
  const alerts = () => registered.filter(({ type }) => /AlertRules|PrometheusRule/.test(type));

  it("are left out unless they are asked for", async () => {
    await deploy(before);
    expect(alerts()).toEqual([]);
  });

  it("M6: are one PrometheusRule of the plan's triggers, with the labels that the cluster's Prometheus asks for", async () => {
    await deploy({ ...before, alerts: { enabled: true, labels: { release: "prometheus" }, runbooks: "https://git.example/runbooks" } });
    expect(alerts().map(({ type, name }) => `${type} ${name}`)).toEqual([
      "rollback-stacks:components:AlertRules mindmend-alerts",
      "kubernetes:monitoring.coreos.com/v1:PrometheusRule mindmend-rollback",
    ]);
    expect(find("kubernetes:monitoring.coreos.com/v1:PrometheusRule", "mindmend-rollback").inputs).toEqual({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: { name: "mindmend-rollback", labels: { app: "mindmend", release: "prometheus" } },
      spec: alertRules(mindmend, "https://git.example/runbooks"),
    });
  });

  it("change nothing else of the stack", async () => {
    const others = () => registered.filter((resource) => !alerts().includes(resource));
    await deploy(before);
    const without = others();
    registered = [];
    await deploy({ ...before, alerts: { enabled: true } });
    expect(others()).toEqual(without);
  });
});
