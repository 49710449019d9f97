import { describe, expect, it } from "vitest";
import { takenUp } from "../../../cli/stack/cutOff.ts";

const urnOf = (type: string, name: string) => `urn:pulumi:shop::rollback-stacks::${type}::${name}`;
const resource = (type: string, name: string, more: object = {}) => ({ urn: urnOf(type, name), type, custom: true, ...more });
const configMap = (name: string, more: object = {}) =>
  resource("kubernetes:core/v1:ConfigMap", name, { inputs: { metadata: { name, namespace: "shop" } }, ...more });
const creating = (made: ReturnType<typeof resource>) => ({ type: "creating", resource: made });

describe("what an update that was killed had begun to make", () => {
  it("is in the state with the id that it has in the cluster, and no longer noted", () => {
    const role = resource("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "role", { inputs: { metadata: { name: "role" } } });
    expect(
      takenUp({ resources: [configMap("a", { id: "shop/a" })], pending_operations: [creating(configMap("b")), creating(role)] }),
    ).toEqual({
      resources: [configMap("a", { id: "shop/a" }), configMap("b", { id: "shop/b" }), { ...role, id: "role" }],
      pending_operations: [],
    });
  });

  it("is there once, however many updates were killed at it, and as it is where one of them has made it", () => {
    const again = [creating(configMap("a")), creating(configMap("b")), creating(configMap("b"))];
    expect(takenUp({ resources: [configMap("a", { id: "shop/a" })], pending_operations: again })).toEqual({
      resources: [configMap("a", { id: "shop/a" }), configMap("b", { id: "shop/b" })],
      pending_operations: [],
    });
  });

  it("takes the place of what was deleted for it, and leaves there what is yet to be deleted", () => {
    const job = (more: object) => configMap("job", { id: "shop/job", ...more });
    const after = configMap("after", { id: "shop/after" });
    expect(
      takenUp({ resources: [job({ pendingReplacement: true }), after], pending_operations: [creating(configMap("job"))] }).resources,
    ).toEqual([job({}), after]);
    expect(takenUp({ resources: [job({ delete: true }), after], pending_operations: [creating(configMap("job"))] }).resources).toEqual([
      job({ delete: true }),
      after,
      job({}),
    ]);
  });

  it("stays noted where it is not of Kubernetes, whose ids alone are known; components and the engine's own are made anew", () => {
    const bucket = resource("gcp:storage/bucket:Bucket", "backups");
    const others = [resource("rollback-stacks:Track", "canary", { custom: false }), resource("pulumi:providers:gcp", "gcp")];
    expect(takenUp({ resources: [], pending_operations: [bucket, ...others].map(creating) })).toEqual({
      resources: [],
      pending_operations: [creating(bucket)],
    });
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
