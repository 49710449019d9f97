import { describe, expect, it } from "vitest";
import type { Api } from "../../../tools/cluster/api.ts";
import { lacking } from "../../../tools/cluster/readiness.ts";

const since = Date.parse("2030-01-01T00:00:10.400Z");
const heartbeat = "2030-01-01T00:00:10Z";
const before = "2030-01-01T00:00:09Z";

function node(condition: object, taints: string[] = []) {
  return {
    spec: { taints: taints.map((key) => ({ key })) },
    status: { conditions: [{ type: "Ready", lastHeartbeatTime: heartbeat, ...condition }] },
  };
}
const readyNode = node({ status: "True" });

/** Answers 200 to everything, but what is given by the start of its path. */
function apiWith(answers: Record<string, number | object>): Api {
  const defaults = { "/api/v1/nodes": readyNode, "/api/v1/pods": { items: [] } };
  return {
    async get(path) {
      const [, answer] = Object.entries({ ...defaults, ...answers }).find(([start]) => path.startsWith(start)) ?? [];
      return typeof answer === "number" ? { status: answer, body: "" } : { status: 200, body: JSON.stringify(answer ?? {}) };
    },
    apply: () => Promise.reject(new Error("nothing is applied")),
  };
}

describe("a cluster", () => {
  it("lacks nothing when the API server, the account, the node, its pods and its services are there", async () => {
    const dialled: string[] = [];
    const dial = async (host: string, port: number) => {
      dialled.push(`${host}:${port}`);
      return { destroy() {} };
    };
    expect(await lacking({ api: apiWith({}), since, dial })).toBeUndefined();
    expect(dialled).toEqual(["kubernetes.default.svc:443"]);
  });

  it.each([
    [{ "/readyz": 500 }, "the API server says it is not ready (500)"],
    [
      { "/api/v1/namespaces/default/serviceaccounts/default": 404 },
      "the default service account does not exist yet (kube-controller-manager makes it)",
    ],
    [{ "/api/v1/nodes": 404 }, "the node has not registered yet"],
    [{ "/api/v1/nodes": node({ status: "True", lastHeartbeatTime: before }) }, "the node has not reported yet"],
    [{ "/api/v1/nodes": node({ status: "False", message: "no network" }) }, "the node is not ready (no network)"],
    [
      { "/api/v1/nodes": node({ status: "True" }, ["node.kubernetes.io/not-ready"]) },
      "the node still has the taint node.kubernetes.io/not-ready",
    ],
    [
      {
        "/api/v1/pods": {
          items: [
            { metadata: { namespace: "n", name: "p" }, status: { containerStatuses: [{ state: { running: { startedAt: before } } }] } },
          ],
        },
      },
      "the pod n/p of the time before the restart is not running again yet",
    ],
  ])("says what it lacks: %o", async (answers, expected) => {
    expect(await lacking({ api: apiWith(answers), since })).toBe(expected);
  });

  it("lacks its services while they cannot be reached, and its API server while that does not answer", async () => {
    const dial = () => Promise.reject(new Error("no way"));
    expect(await lacking({ api: apiWith({}), since, dial })).toBe("service addresses do not work yet (no way)");
    const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    expect(await lacking({ api: { ...apiWith({}), get: () => Promise.reject(refused) }, since })).toBe(
      "the API server does not answer (ECONNREFUSED)",
    );
  });
});
