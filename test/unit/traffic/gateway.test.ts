import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { checkLevers } from "../../../components/levers/check.ts";
import type { ReleaseRecord } from "../../../components/releaseRecord.ts";
import { RollbackPlan } from "../../../components/rollbackPlan.ts";
import { before, shop, throughGateway } from "./plan.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

// biome-ignore lint/suspicious/noExplicitAny: inputs are whatever was registered
let registered: { type: string; name: string; inputs: any }[];

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
    "shop-test",
  );
});

async function deploy(levers: Record<string, unknown>, last?: ReleaseRecord): Promise<ReleaseRecord> {
  registered = [];
  const plan = new RollbackPlan("shop", { plan: shop, levers: checkLevers(shop, levers, "s"), last });
  await waitForRPCs();
  return new Promise((resolve) => plan.record.apply(resolve));
}

const kind = (suffix: string) => registered.filter(({ type }) => type.endsWith(`:${suffix}`));
const route = () => kind("HTTPRoute")[0]?.inputs;
/** Deployments and the route, in the order in which they change. */
const order = () => registered.filter(({ type }) => /:(Deployment|HTTPRoute)$/.test(type)).map(({ name }) => name);
const backend = (name: string, weight: number) => ({ group: "", kind: "Service", name, port: 80, weight });
const everyPath = { type: "PathPrefix", value: "/" };

describe("a stack in gateway mode", () => {
  it("has a Service for each track with pods and one route between them, which the update waits for", async () => {
    const record = await deploy(throughGateway);
    expect(route()).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: {
        name: "shop",
        labels: { app: "shop" },
        annotations: {
          "pulumi.com/waitFor": JSON.stringify([
            'jsonpath={.status.parents[?(@.parentRef.name=="public")].conditions[?(@.type=="Accepted")].status}=True',
            'jsonpath={.status.parents[?(@.parentRef.name=="public")].conditions[?(@.type=="ResolvedRefs")].status}=True',
          ]),
        },
      },
      spec: {
        parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "public", namespace: "infra" }],
        rules: [{ matches: [{ path: everyPath }], backendRefs: [backend("shop-stable", 75), backend("shop-canary", 25)] }],
      },
    });
    expect(kind("Service").map(({ name, inputs }) => [name, inputs.spec.selector])).toEqual(
      expect.arrayContaining([
        ["shop-stable", { app: "shop", "rollback-stacks/track": "stable" }],
        ["shop-canary", { app: "shop", "rollback-stacks/track": "canary" }],
        ["shop", { app: "shop", "rollback-stacks/role": "serving" }],
      ]),
    );
    expect(order().at(-1)).toBe("shop-route");
    const shares = [
      { to: "stable", weight: 75 },
      { to: "canary", weight: 25 },
    ];
    expect(record.route).toEqual({ wanted: shares, backends: shares, pins: {} });
  });

  it("takes only the hosts that are listed", async () => {
    const { traffic } = throughGateway;
    await deploy({ ...throughGateway, traffic: { ...traffic, hostnames: "shop.example" } });
    expect(route().spec.hostnames).toEqual(["shop.example"]);
  });

  it("M3: changes the route before the canary's pods go, whose Service goes with them", async () => {
    const record = await deploy(throughGateway);
    await deploy({ ...throughGateway, canary: { ...before.canary, weight: 0 } }, record);
    expect(route().spec.rules[0].backendRefs).toEqual([backend("shop-stable", 100)]);
    expect(order()[0]).toBe("shop-route");
    expect(kind("Service").map(({ name }) => name)).not.toContain("shop-canary");
  });

  it("M2: changes the route before the canary restarts, and only the route", async () => {
    const record = await deploy(throughGateway);
    const fallen = await deploy({ ...throughGateway, aiProvider: "openai" }, record);
    expect(route().spec.rules[0].backendRefs).toEqual([backend("shop-stable", 100)]);
    expect(order()[0]).toBe("shop-route");
    const again = await deploy({ ...throughGateway, aiProvider: "openai" }, fallen);
    expect(again).toEqual(fallen);
  });

  it("makes the canary ready before the route sends it more", async () => {
    const record = await deploy(throughGateway);
    await deploy({ ...throughGateway, canary: { ...before.canary, weight: 90 } }, record);
    expect(route().spec.rules[0].backendRefs).toEqual([backend("shop-stable", 10), backend("shop-canary", 90)]);
    expect(order().at(-1)).toBe("shop-route");
  });

  it("comes from replicas and goes back to them without a change of the Service that clients used before", async () => {
    const record = await deploy(before);
    const service = () => kind("Service").find(({ name }) => name === "shop")?.inputs;
    const first = service();
    const through = await deploy(throughGateway, record);
    expect(service()).toEqual(first);
    expect(order().at(-1)).toBe("shop-route");
    await deploy(before, through);
    expect(service()).toEqual(first);
    expect(route()).toBeUndefined();
  });
});

describe("M11: a partial rollback", () => {
  const pins = { endpoints: "/api/dashboard", segments: ["enterprise"], tenants: ["acme"] };
  const matches = [
    { path: { type: "PathPrefix", value: "/api/dashboard" } },
    { path: everyPath, headers: [{ type: "Exact", name: "x-user-segment", value: "enterprise" }] },
    { path: everyPath, headers: [{ type: "Exact", name: "x-tenant", value: "acme" }] },
  ];

  it("sends one endpoint, segment or tenant to stable alone, and all others by weight as before", async () => {
    await deploy({ ...throughGateway, pins });
    expect(route().spec.rules).toEqual([
      { matches: [{ path: everyPath }], backendRefs: [backend("shop-stable", 75), backend("shop-canary", 25)] },
      { matches, backendRefs: [backend("shop-stable", 100)] },
    ]);
  });

  it("keeps stable at full capacity for them while all other traffic is the canary's", async () => {
    await deploy({ ...throughGateway, canary: { ...before.canary, weight: 100 }, pins });
    expect(route().spec.rules.map(({ backendRefs }: { backendRefs: unknown }) => backendRefs)).toEqual([
      [backend("shop-canary", 100)],
      [backend("shop-stable", 100)],
    ]);
    expect(kind("Deployment").map(({ name, inputs }) => [name, inputs.spec.replicas])).toEqual([
      ["shop", 2],
      ["shop-canary", 2],
    ]);
  });

  it("starts and replaces no pod", async () => {
    const record = await deploy(throughGateway);
    const deployments = kind("Deployment").map(({ inputs }) => inputs);
    await deploy({ ...throughGateway, pins }, record);
    expect(kind("Deployment").map(({ inputs }) => inputs)).toEqual(deployments);
    expect(order()[0]).toBe("shop-route");
  });
});
