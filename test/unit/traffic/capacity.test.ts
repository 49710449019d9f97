import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { checkLevers } from "../../../components/levers/check.ts";
import { type Plan, PlanError, type PlanInput } from "../../../components/plan/plan.ts";
import { RollbackPlan } from "../../../components/rollbackPlan.ts";
import { planWith } from "../flags/plans.ts";
import { before, shop, throughGateway } from "./plan.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

interface Registering {
  getType(): string;
  getName(): string;
  getIgnorechangesList(): string[];
  // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever was registered
  getObject(): { toJavaScript(): any };
}

let registered: Registering[];

beforeEach(async () => {
  registered = [];
  await pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) }, "p", "s");
  // Mocks are not told what a resource ignores; the request that reaches them says it.
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource(request: Registering, answer: unknown): unknown };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, answer) => {
    registered.push(request);
    return register(request, answer);
  };
});

async function deploy(plan: Plan, levers: Record<string, unknown>): Promise<void> {
  new RollbackPlan("shop", { plan, levers: checkLevers(plan, levers, "s"), last: undefined });
  await waitForRPCs();
}

const all = (suffix: string) => registered.filter((request) => request.getType().endsWith(`:${suffix}`));
const specs = (suffix: string) => all(suffix).map((request) => [request.getName(), request.getObject().toJavaScript().spec]);
const service = (more: Partial<PlanInput["service"]>): PlanInput["service"] => ({
  ...shop.service,
  resources: { requests: { cpu: "100m" }, limits: {} },
  ...more,
});

describe("a service that is autoscaled", () => {
  const scaled = planWith({}, { service: service({ autoscaling: { maxReplicas: 6, cpuPercent: 70 } }) });

  it("has an autoscaler for stable, which never goes below full capacity", async () => {
    await deploy(scaled, before);
    expect(specs("HorizontalPodAutoscaler")).toEqual([
      [
        "shop",
        {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
          minReplicas: 2,
          maxReplicas: 6,
          metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } }],
        },
      ],
    ]);
  });

  it("starts stable with full capacity and leaves the number of its pods to the autoscaler from then on", async () => {
    await deploy(scaled, before);
    const deployments = all("Deployment").map((request) => ({
      name: request.getName(),
      replicas: request.getObject().toJavaScript().spec.replicas,
      ignored: request.getIgnorechangesList(),
    }));
    expect(deployments).toEqual([
      { name: "shop", replicas: 2, ignored: ["spec.replicas"] },
      { name: "shop-canary", replicas: 1, ignored: [] },
    ]);
  });

  it("gives the canary, in gateway mode, the pods that its share of the largest load takes", async () => {
    await deploy(scaled, { ...throughGateway, canary: { ...before.canary, weight: 50 } });
    expect(specs("Deployment").map(([name, { replicas }]) => [name, replicas])).toEqual([
      ["shop", 2],
      ["shop-canary", 3],
    ]);
  });

  it("has no stable at all in maintenance, so that it comes back with full capacity whatever became of the update", async () => {
    const plan = planWith({}, { service: scaled.service, maintenance: { title: "Away", text: "Soon back" } });
    await deploy(plan, { ...before, maintenance: true, verification: { image: before.stable.image } });
    expect(all("HorizontalPodAutoscaler")).toEqual([]);
    expect(all("Deployment").map((request) => request.getName())).not.toContain("shop");
  });

  it("is refused where it would scale below full capacity, or by a CPU that nobody requests", () => {
    const bad = () => planWith({}, { service: { ...shop.service, autoscaling: { maxReplicas: 1, cpuPercent: 70 } } });
    expect(bad).toThrow(PlanError);
    expect(bad).toThrow(/service\.autoscaling\.maxReplicas: 1 is less than full capacity, 2/);
    expect(bad).toThrow(/service\.autoscaling\.cpuPercent: is a percentage of service\.resources\.requests\.cpu, which is missing/);
  });
});

describe("the network of a system", () => {
  it("is not restricted where the plan does not ask for it", async () => {
    await deploy(shop, before);
    expect(all("NetworkPolicy")).toEqual([]);
  });

  it("takes requests from its own, its Gateway's and the plan's namespaces, and reaches names, HTTPS and what the plan names", async () => {
    const plan = planWith({}, { network: { from: ["monitoring"], to: [{ cidr: "10.20.0.0/16", port: 5432 }] } });
    await deploy(plan, throughGateway);
    const namespace = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
    expect(specs("NetworkPolicy")).toEqual([
      [
        "shop",
        {
          podSelector: { matchLabels: { app: "shop" } },
          policyTypes: ["Ingress", "Egress"],
          ingress: [
            { from: [{ podSelector: {} }, namespace("infra"), namespace("monitoring")], ports: [{ port: "http", protocol: "TCP" }] },
          ],
          egress: [
            { to: [{ podSelector: {} }] },
            {
              ports: [
                { port: 53, protocol: "UDP" },
                { port: 53, protocol: "TCP" },
                { port: 443, protocol: "TCP" },
              ],
            },
            { to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports: [{ port: 5432, protocol: "TCP" }] },
          ],
        },
      ],
    ]);
  });
});
