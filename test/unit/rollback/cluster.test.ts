import type { V1Deployment, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { driftOf } from "../../../cli/cluster/drift.ts";
import type { Live } from "../../../cli/cluster/live.ts";
import { tracksOf } from "../../../cli/status/tracks.ts";
import { connectionPool } from "../../../cli/troubles/connectionPool.ts";
import { imagePull } from "../../../cli/troubles/imagePull.ts";
import { stuckTerminating } from "../../../cli/troubles/stuckTerminating.ts";
import type { Seen } from "../../../cli/troubles/trouble.ts";
import { providerLabel } from "../../../components/motion.ts";
import type { Plan } from "../../../components/plan/plan.ts";
import { plans } from "../../../stacks/plans.ts";

const now = Date.parse("2026-11-21T10:00:00Z");
const pod = (name: string, more: object = {}): V1Pod => ({ metadata: { name, labels: { app: "shop" }, ...more } }) as V1Pod;
const seen = (live: Partial<Live>): Seen => ({
  app: "shop",
  live: { deployments: [], services: [], pods: [], logs: {}, ...live },
  record: undefined,
  now,
  kubectl: "kubectl --namespace shop",
});

describe("a pod that is ending", () => {
  const ending = (seconds: number, more = {}) => pod("shop-1", { deletionTimestamp: new Date(now - seconds * 1000), ...more });
  it("is no trouble within its grace period", () => expect(stuckTerminating.look(seen({ pods: [ending(5)] }))).toEqual([]));
  it("is stuck after it", () =>
    expect(stuckTerminating.look(seen({ pods: [ending(60)] }))).toEqual([
      { what: "pod shop-1 should have ended 60 s ago", mend: "kubectl --namespace shop delete pod shop-1 --grace-period=0 --force" },
    ]));
  it("is told what holds it", () =>
    expect(stuckTerminating.look(seen({ pods: [ending(60, { finalizers: ["example.com/hold"] })] }))[0]).toEqual({
      what: "pod shop-1 should have ended 60 s ago; example.com/hold holds it",
      mend: `kubectl --namespace shop patch pod shop-1 --type merge --patch '{"metadata":{"finalizers":null}}'`,
    }));
});

it("an image that cannot be pulled is told once, with the registry's longest answer", () => {
  const waiting = (message: string) => ({
    ...pod("shop-1"),
    status: { containerStatuses: [{ image: "r/app@sha256:1", state: { waiting: { reason: "ErrImagePull", message } } }] },
  });
  const pods = [waiting("back-off"), waiting("r: connection refused")] as unknown as V1Pod[];
  expect(imagePull.look(seen({ pods })).map(({ what }) => what)).toEqual([
    "2 of the pods cannot pull r/app@sha256:1: r: connection refused",
  ]);
});

it.each([
  "FATAL: sorry, too many clients already",
  "FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute",
  "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out",
  "Error: timeout exceeded when trying to connect",
  "HikariPool-1 - Connection is not available, request timed out after 30000ms.",
])("a log that says %j is of a connection pool that is exhausted", (line) => {
  const deployments = [{ metadata: { name: "shop", labels: { app: "shop" } } }] as V1Deployment[];
  expect(connectionPool.look(seen({ logs: { a: `fine\n${line}\n`, b: "fine" }, deployments }))).toEqual([
    { what: `1 of 2 pods say so: ${line}`, mend: "kubectl --namespace shop rollout restart deployment/shop" },
  ]);
});

describe("drift", () => {
  const spec = (replicas: number | undefined, image = "a") => ({
    replicas,
    template: { metadata: { labels: { app: "shop" } }, spec: { containers: [{ image }] } },
  });
  const state = (replicas?: number) => [
    { type: "kubernetes:apps/v1:Deployment", urn: "", inputs: { metadata: { name: "shop" }, spec: spec(replicas) } },
  ];
  const live = (...args: Parameters<typeof spec>) => ({
    deployments: [{ metadata: { name: "shop" }, spec: spec(...args) } as unknown as V1Deployment],
    services: [],
  });

  it("is none where the cluster is as the state has it", () => expect(driftOf(state(4), live(4))).toEqual([]));
  it("is a number of pods, an image", () =>
    expect(driftOf(state(4), live(3, "b"))).toEqual([
      { what: "deployment/shop", where: "spec.replicas", wanted: "4", found: "3" },
      { what: "deployment/shop", where: "image", wanted: "a", found: "b" },
    ]));
  it("is a variable, by its name", () => {
    const env = (...names: [string, string][]) => ({
      template: { spec: { containers: [{ env: names.map(([name, value]) => ({ name, value })) }] } },
    });
    const inputs = { metadata: { name: "shop" }, spec: env(["A", "1"], ["B", "1"]) };
    const now = { metadata: { name: "shop" }, spec: env(["A", "2"], ["C", "1"]) } as unknown as V1Deployment;
    const found = driftOf([{ type: "kubernetes:apps/v1:Deployment", urn: "", inputs }], { deployments: [now], services: [] });
    expect(found.map(({ where, wanted, found }) => [where, wanted, found])).toEqual([
      ["env A", "1", "2"],
      ["env B", "1", "nothing"],
      ["env C", "nothing", "1"],
    ]);
  });
  it("is no number of pods that is left to an autoscaler", () => expect(driftOf(state(), live(7))).toEqual([]));
  it("is an object that is gone", () =>
    expect(driftOf(state(4), { deployments: [], services: [] })).toEqual([
      { what: "deployment/shop", where: "", wanted: "there", found: "gone" },
    ]));
});

it("a track half-way is told by the pods that are ready, and traffic by those that the Service sends requests to", async () => {
  const plan = (await plans.mindmend?.()) as Plan;
  const track = (name: string, provider: string) => ({
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { track: name } },
      template: { metadata: { labels: { track: name, [providerLabel]: provider } }, spec: { containers: [{ image: "new" }] } },
    },
  });
  const one = (name: string, image: string, provider: string, status: "True" | "False") => ({
    metadata: { labels: { track: name, [providerLabel]: provider } },
    spec: { containers: [{ image }] },
    status: { conditions: [{ type: "Ready", status }] },
  });
  const live = {
    deployments: [track("mindmend-backend", "openai"), track("mindmend-backend-canary", "openai")],
    services: [{ metadata: { name: "mindmend" }, spec: { selector: { [providerLabel]: "openai" } } }],
    pods: [
      one("mindmend-backend", "new", "openai", "True"),
      one("mindmend-backend-canary", "old", "gemini", "True"),
      one("mindmend-backend-canary", "new", "openai", "False"),
    ],
    logs: {},
  } as unknown as Live;
  expect(tracksOf(plan, undefined, live)).toEqual([
    { track: "stable", image: "new", provider: "openai", ready: 1, wanted: 1, traffic: 100 },
    { track: "canary", image: "old", provider: "gemini", ready: 1, wanted: 1, traffic: 0 },
  ]);
});
