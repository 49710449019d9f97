import { describe, expect, it } from "vitest";
import { takenUp } from "../../../cli/stack/cutOff.ts";

const provider = "urn:pulumi:shop::rollback-stacks::pulumi:providers:kubernetes::default";
const stack = "urn:pulumi:shop::rollback-stacks::pulumi:pulumi:Stack::shop";
const always = [
  { urn: stack, type: "pulumi:pulumi:Stack" },
  { urn: provider, type: "pulumi:providers:kubernetes" },
];
const urnOf = (type: string, name: string) => `urn:pulumi:shop::rollback-stacks::${type}::${name}`;
const resource = (type: string, name: string, more: object = {}) => ({
  urn: urnOf(type, name),
  type,
  custom: true,
  parent: stack,
  provider: `${provider}::0`,
  dependencies: [] as string[],
  propertyDependencies: {},
  ...more,
});
const configMap = (name: string, more: object = {}) =>
  resource("kubernetes:core/v1:ConfigMap", name, { inputs: { metadata: { name, namespace: "shop" } }, ...more });
const creating = (made: ReturnType<typeof resource>) => ({ type: "creating", resource: made });

describe("what an update that was killed had begun to make", () => {
  it("is in the state with the id that it has in the cluster, and no longer noted", () => {
    const role = resource("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "role", { inputs: { metadata: { name: "role" } } });
    expect(
      takenUp({ resources: [...always, configMap("a", { id: "shop/a" })], pending_operations: [creating(configMap("b")), creating(role)] }),
    ).toEqual({
      resources: [...always, configMap("a", { id: "shop/a" }), configMap("b", { id: "shop/b" }), { ...role, id: "role" }],
      pending_operations: [],
    });
  });

  it("is there once, however many updates were killed at it, and as it is where one of them has made it", () => {
    const again = [creating(configMap("a")), creating(configMap("b")), creating(configMap("b"))];
    expect(takenUp({ resources: [...always, configMap("a", { id: "shop/a" })], pending_operations: again })).toEqual({
      resources: [...always, configMap("a", { id: "shop/a" }), configMap("b", { id: "shop/b" })],
      pending_operations: [],
    });
  });

  it("takes the place of what was deleted for it, and leaves there what is yet to be deleted", () => {
    const job = (more: object) => configMap("job", { id: "shop/job", ...more });
    const after = configMap("after", { id: "shop/after" });
    expect(
      takenUp({ resources: [...always, job({ pendingReplacement: true }), after], pending_operations: [creating(configMap("job"))] })
        .resources,
    ).toEqual([...always, job({}), after]);
    expect(
      takenUp({ resources: [...always, job({ delete: true }), after], pending_operations: [creating(configMap("job"))] }).resources,
    ).toEqual([...always, job({ delete: true }), after, job({})]);
  });

  it("stays noted where it is not of Kubernetes, whose ids alone are known; components and the engine's own are made anew", () => {
    const bucket = resource("gcp:storage/bucket:Bucket", "backups");
    const others = [resource("rollback-stacks:Track", "canary", { custom: false }), resource("pulumi:providers:gcp", "gcp")];
    expect(takenUp({ resources: always, pending_operations: [bucket, ...others].map(creating) })).toEqual({
      resources: always,
      pending_operations: [creating(bucket)],
    });
  });

  it("leans on what is before it in the state, which may have changed since it was noted", () => {
    const [a, gone, b] = [configMap("a", { id: "shop/a" }), configMap("gone"), configMap("b")];
    const leaning = configMap("leaning", { dependencies: [a.urn, gone.urn, b.urn], propertyDependencies: { data: [b.urn, gone.urn] } });
    expect(takenUp({ resources: [...always, a], pending_operations: [creating(b), creating(leaning)] }).resources).toEqual([
      ...always,
      a,
      { ...b, id: "shop/b" },
      { ...leaning, id: "shop/leaning", dependencies: [a.urn, b.urn], propertyDependencies: { data: [b.urn] } },
    ]);
  });

  it("stays noted where its parent or its provider is no longer there", () => {
    const pending = [creating(configMap("a", { parent: `${stack}s` })), creating(configMap("b", { provider: `${provider}s::0` }))];
    expect(takenUp({ resources: always, pending_operations: pending })).toEqual({ resources: always, pending_operations: pending });
  });

  it("leaves changes and deletions that were under way to the refresh, which sees what came of them", () => {
    const resources = [configMap("a", { id: "shop/a" }), configMap("b", { id: "shop/b" })];
    const pending = [
      { type: "updating", resource: resources[0] as ReturnType<typeof resource> },
      { type: "deleting", resource: resources[1] as ReturnType<typeof resource> },
    ];
    expect(takenUp({ resources, pending_operations: pending })).toEqual({ resources, pending_operations: [] });
  });
});
