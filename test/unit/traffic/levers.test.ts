import { describe, expect, it } from "vitest";
import { checkLevers } from "../../../components/levers/check.ts";
import { planWith } from "../flags/plans.ts";
import { before, problemsOf, shop, throughGateway } from "./plan.ts";

const tenants = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);

describe("the levers of a Gateway", () => {
  it("are off by default", () => {
    const { traffic, pins } = checkLevers(shop, { ...before, traffic: {}, pins: {} }, "s");
    expect({ traffic, pins }).toEqual({ traffic: { mode: "replicas" }, pins: {} });
  });

  it("take lists as `pulumi config set --path` writes them: one text, or entry by entry", () => {
    const { pins } = checkLevers(shop, { ...throughGateway, pins: { endpoints: "/api/a,/api/b", segments: ["enterprise"] } }, "s");
    expect(pins).toEqual({ endpoints: ["/api/a", "/api/b"], segments: ["enterprise"] });
  });

  it("take every whole weight from 0 to 100", () => {
    for (const weight of [0, 1, 76, 99, 100]) expect(problemsOf({ ...throughGateway, canary: { ...before.canary, weight } })).toEqual([]);
  });
});

describe("refused, with what mends it", () => {
  it("pins and a weight beyond what replicas reach, where there is no Gateway", () => {
    const pins = { endpoints: ["/api/dashboard"], tenants: "acme" };
    const message = "single requests cannot be pinned with replicas, which take any request; only a Gateway's route tells them apart";
    const command = "pulumi config set --path traffic.gateway.name <gateway> && pulumi config set --path traffic.mode gateway";
    expect(problemsOf({ ...before, canary: { ...before.canary, weight: 90 }, pins })).toEqual([
      {
        path: "canary.weight",
        message: "90 cannot be reached with replicas, which weigh up to 75 or 100; expected one of those, or a Gateway",
        command: "pulumi config set --path canary.weight 0",
      },
      { path: "pins.endpoints", message, command },
      { path: "pins.tenants", message, command },
    ]);
    expect(problemsOf({ ...before, traffic: { gateway: { name: "public" } }, pins: { tenants: "acme" } })).toEqual([
      { path: "pins.tenants", message, command: "pulumi config set --path traffic.mode gateway" },
    ]);
  });

  it("gateway mode that names no Gateway", () => {
    expect(problemsOf({ ...before, traffic: { mode: "gateway" } })).toEqual([
      {
        path: "traffic.gateway",
        message: "missing: the Gateway that the route is attached to",
        command: "pulumi config set --path traffic.gateway.name <gateway>",
      },
    ]);
  });

  it("another mode, and names that Kubernetes does not take", () => {
    expect(problemsOf({ ...before, traffic: { mode: "mesh", gateway: { name: "My Gateway" } } })).toEqual([
      {
        path: "traffic.mode",
        message: 'expected replicas or gateway, got "mesh"',
        command: "pulumi config set --path traffic.mode replicas",
      },
      {
        path: "traffic.gateway.name",
        message: '"My Gateway" is not a name that Kubernetes takes',
        command: "pulumi config set --path traffic.gateway.name <value>",
      },
    ]);
  });

  it("a segment nobody has, blanks, duplicates, and endpoints that are no path: all at once", () => {
    expect(
      problemsOf({ ...throughGateway, pins: { segments: ["enterprize"], tenants: ["acme", "", "acme"], endpoints: ["dashboard"] } }),
    ).toEqual([
      {
        path: "pins.endpoints[0]",
        message: '"dashboard" is not a path; expected one like /api/dashboard',
        command: "pulumi config set --path --type string 'pins.endpoints[0]' </path>",
      },
      {
        path: "pins.segments[0]",
        message: '"enterprize" is not one of this plan\'s segments. Did you mean enterprise? Known: enterprise, free.',
        command: "pulumi config set --path --type string 'pins.segments[0]' enterprise",
      },
      {
        path: "pins.tenants[2]",
        message: '"acme" is there twice, the first time as entry 0',
        command: "pulumi config rm --path 'pins.tenants[2]'",
      },
      { path: "pins.tenants[1]", message: "is blank", command: "pulumi config rm --path 'pins.tenants[1]'" },
    ]);
  });

  it("paths that a route does not take", () => {
    const endpoints = ["/", "//a", "/a/../b", "/a?b=1", "/a%2fb"];
    expect(problemsOf({ ...throughGateway, pins: { endpoints } }).map(({ path }) => path)).toEqual(
      endpoints.map((_, index) => `pins.endpoints[${index}]`).reverse(),
    );
  });

  it("more pins than a route holds", () => {
    expect(problemsOf({ ...throughGateway, pins: { tenants: tenants(65) } })).toEqual([
      {
        path: "pins.tenants",
        message: "65 tenants; a route holds up to 64. Send everything to stable instead",
        command: "pulumi config rm --path pins.tenants && pulumi config set --path canary.weight 0",
      },
    ]);
    expect(problemsOf({ ...throughGateway, pins: { tenants: tenants(40), endpoints: tenants(40).map((tenant) => `/${tenant}`) } })).toEqual(
      [
        {
          path: "pins",
          message: "80 pins; a route holds up to 64. Send everything to stable instead",
          command: "pulumi config rm pins && pulumi config set --path canary.weight 0",
        },
      ],
    );
  });

  it("a pin by a header that the plan does not name", () => {
    const levers = { ...throughGateway, pins: { segments: ["enterprise"], tenants: ["acme"] } };
    expect(problemsOf(levers, planWith({}))).toEqual([
      {
        path: "pins.segments",
        message: 'the plan names no header that carries segments; add traffic: { headers: { segments: "x-…" } } to stacks/shop.ts first',
        command: "pulumi config rm --path pins.segments",
      },
      {
        path: "pins.tenants",
        message: 'the plan names no header that carries tenants; add traffic: { headers: { tenants: "x-…" } } to stacks/shop.ts first',
        command: "pulumi config rm --path pins.tenants",
      },
    ]);
  });
});
