import { describe, expect, it } from "vitest";
import type { View } from "../../../tools/kubernetes-provider/await/awaiter.ts";
import type { KubeObject } from "../../../tools/kubernetes-provider/objects.ts";
import { type Fields, object, pod, readyPod, verdict } from "./verdict.ts";

const waiting = (reason: string, message = "") => ({
  containerStatuses: [{ name: "main", restartCount: 0, state: { waiting: { reason, message } } }],
});
const crashed = (restartCount: number) => ({
  containerStatuses: [
    { name: "main", restartCount, state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated: { exitCode: 3 } } },
  ],
});

describe("a Deployment", () => {
  const counts = (status: Fields, spec: Fields = {}) =>
    object(
      "Deployment",
      { spec: { replicas: 3, ...spec }, status: { observedGeneration: 2, ...status } },
      { annotations: { "deployment.kubernetes.io/revision": "7" } },
    );
  const sets = [
    { metadata: { uid: "old", ownerReferences: [{ uid: "uid" }], annotations: { "deployment.kubernetes.io/revision": "6" } } },
    { metadata: { uid: "set", ownerReferences: [{ uid: "uid" }], annotations: { "deployment.kubernetes.io/revision": "7" } } },
  ] as unknown as KubeObject[];
  const rolling = counts({ replicas: 3, updatedReplicas: 3, availableReplicas: 1 });
  const withPods = (...pods: never[]): Partial<View> => ({ pods, related: { replicaSets: sets } });

  it.each<[string, KubeObject]>([
    ["ready", counts({ replicas: 3, updatedReplicas: 3, availableReplicas: 3 })],
    ["ready", counts({ replicas: 0 }, { replicas: 0 })],
    ["ready", counts({ replicas: 1, updatedReplicas: 0 }, { paused: true })],
    [
      "waiting: waiting for the deployment controller to see the change",
      counts({ observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 3 }),
    ],
    ["waiting: 2 of 3 pods available", counts({ replicas: 3, updatedReplicas: 3, availableReplicas: 2 })],
    ["waiting: 1 of 3 new pods created, 2 old ones still there", counts({ replicas: 3, updatedReplicas: 1, availableReplicas: 3 })],
    ["waiting: 3 of 3 new pods created, 1 old one still there", counts({ replicas: 4, updatedReplicas: 3, availableReplicas: 4 })],
    ["waiting: 0 of 0 new pods created, 1 old one still there", counts({ replicas: 1, updatedReplicas: 0 }, { replicas: 0 })],
  ])("is %s", (expected, deployment) => {
    expect(verdict(deployment)).toBe(expected);
  });

  it.each<[string, never]>([
    ["failed: pod p: container main: InvalidImageName: bad", pod("p", waiting("InvalidImageName", "bad"))],
    ["failed: pod p: container main: ErrImageNeverPull: absent", pod("p", waiting("ErrImageNeverPull", "absent"))],
    ["failed: pod p: container main: ImagePullBackOff: x: not found", pod("p", waiting("ImagePullBackOff", "x: not found"))],
    [
      "waiting: 1 of 3 pods available: pod p: container main: ErrImagePull: x: not found",
      pod("p", waiting("ErrImagePull", "x: not found")),
    ],
    [
      "waiting: 1 of 3 pods available: pod p: container main: ImagePullBackOff: connection refused",
      pod("p", waiting("ImagePullBackOff", "connection refused")),
    ],
    ["waiting: 1 of 3 pods available", pod("p", waiting("ContainerCreating"))],
    ["waiting: 1 of 3 pods available: pod p: container main: exited with code 3, restarted 2 times", pod("p", crashed(2))],
    ["failed: pod p: container main: exited with code 3, restarted 5 times", pod("p", crashed(5))],
    [
      "waiting: 1 of 3 pods available: pod p cannot be scheduled: 0/1 nodes are available",
      pod("p", { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes are available" }] }),
    ],
    ["waiting: 1 of 3 pods available", pod("p", crashed(9), { ownerReferences: [{ uid: "old" }] })],
    ["waiting: 1 of 3 pods available", pod("p", crashed(9), { deletionTimestamp: "now" })],
    [
      'waiting: 1 of 3 pods available: pod p: container main: CreateContainerConfigError: configmap "settings" not found',
      pod("p", waiting("CreateContainerConfigError", 'configmap "settings" not found')),
    ],
    [
      "waiting: 1 of 3 pods available: pod p: container main: CreateContainerConfigError: couldn't find key url in Secret shop/db",
      pod("p", waiting("CreateContainerConfigError", "couldn't find key url in Secret shop/db")),
    ],
  ])("is %s", (expected, trouble) => {
    expect(verdict(rolling, withPods(trouble))).toBe(expected);
  });

  it("counts the new pods apart from the old ones while it rolls", () => {
    const current = { ...sets[1], status: { replicas: 2, availableReplicas: 1 } } as unknown as KubeObject;
    expect(verdict(counts({ replicas: 5, updatedReplicas: 2, availableReplicas: 4 }), { related: { replicaSets: [current] } })).toBe(
      "waiting: 1 of 3 new pods available, 3 old ones still there",
    );
  });

  it("quotes the last lines of a crash", () => {
    expect(verdict(rolling, { ...withPods(pod("p", crashed(1))), logs: () => ["one", "two"] })).toBe(
      "waiting: 1 of 3 pods available: pod p: container main: exited with code 3, restarted 1 times; its last lines: one | two",
    );
  });

  it("tells failing probes from the pod's events", () => {
    const event = { involvedObject: { uid: "p" }, reason: "Unhealthy", message: "Readiness probe failed: connection refused" } as never;
    expect(verdict(rolling, { ...withPods(pod("p", { phase: "Running" })), events: [event] })).toBe(
      "waiting: 1 of 3 pods available: pod p: Readiness probe failed: connection refused",
    );
  });

  it("names three pods at most", () => {
    const pods = ["a", "b", "c", "d", "e"].map((name) => pod(name, waiting("ErrImagePull")));
    expect(verdict(rolling, withPods(...pods))).toBe(
      "waiting: 1 of 3 pods available: pod a: container main: ErrImagePull: pod b: container main: ErrImagePull: pod c: container main: ErrImagePull: and 2 more pods",
    );
  });

  it.each([
    'pods "p" is forbidden: exceeded quota: q, requested: cpu=1, used: cpu=0, limited: cpu=100m',
    'pods "p" is forbidden: maximum cpu usage per Container is 500m, but limit is 1',
    'admission webhook "policy.example.com" denied the request: no root',
    'Pod "p" is invalid: spec.containers[0].ports[0].name: Invalid value',
  ])("fails when its pods are refused and stay refused: %s", (message) => {
    const refused = counts({ replicas: 0, conditions: [{ type: "ReplicaFailure", status: "True", message }] });
    expect(verdict(refused)).toBe(`waiting: 0 of 3 pods available: ${message}`);
    expect(verdict(refused, { elapsedMs: 5000 })).toBe(`failed: ${message}`);
  });

  it.each([
    'pods "p" is forbidden: error looking up service account shop/robot: serviceaccount "robot" not found',
    'pods "p" is forbidden: status unknown for quota: q, resources: pods',
  ])("waits for what may come yet, and names it: %s", (message) => {
    const refused = counts({ replicas: 0, conditions: [{ type: "ReplicaFailure", status: "True", message }] });
    expect(verdict(refused, { elapsedMs: 60_000 })).toBe(`waiting: 0 of 3 pods available: ${message}`);
  });

  it("warns of a deadline passed, and goes on waiting", () => {
    const late = counts({
      conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "has timed out progressing" }],
    });
    expect(verdict(late)).toBe("waiting: 0 of 3 pods available: has timed out progressing");
  });
});

describe("a Service", () => {
  const service = (spec: Fields, status: Fields = {}) => object("Service", { spec, status });
  const selecting = service({ selector: { app: "thing" } });
  const listed = new Set(["slices", "pods"]);
  const slices = (...uids: string[]) =>
    ({ slices: [{ endpoints: uids.map((uid) => ({ conditions: { ready: true }, targetRef: { uid } })) }] }) as unknown as Record<
      string,
      KubeObject[]
    >;

  it.each<[string, KubeObject, Partial<View>]>([
    ["ready", service({ type: "ExternalName", externalName: "example.com" }), {}],
    ["ready", service({}), {}],
    ["ready", selecting, { listed, pods: [pod("a", readyPod)], related: slices("a") }],
    ["waiting: looking for its pods", selecting, {}],
    [
      "waiting: 1 endpoints of the old selector still there",
      selecting,
      { listed, pods: [pod("a", readyPod)], related: slices("a", "old") },
    ],
    ["waiting: 1 of 1 pods ready", selecting, { listed, pods: [pod("a", readyPod)], related: slices() }],
    [
      "waiting: 0 of 1 pods ready: pod a: container main: ErrImagePull",
      selecting,
      { listed, pods: [pod("a", waiting("ErrImagePull"))], related: slices() },
    ],
    [
      "waiting: no pod has the labels of its selector (app=thing) yet; waiting up to 10 s for one",
      selecting,
      { listed, related: slices() },
    ],
    [
      "ready: no pod has the labels of its selector (app=thing), so it has nowhere to send traffic",
      selecting,
      { listed, related: slices(), elapsedMs: 10_000 },
    ],
    [
      "ready: it was not awaited: this user may not list pods and endpointslices there",
      selecting,
      { listed, denied: new Set(["pods"]), related: slices("a") },
    ],
    ["waiting: waiting for the load balancer's address", service({ type: "LoadBalancer" }), {}],
    ["ready", service({ type: "LoadBalancer" }, { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } }), {}],
  ])("is %s", (expected, of, view) => {
    expect(verdict(of, view)).toBe(expected);
  });
});

describe("a Job", () => {
  const job = (status: Fields, spec: Fields = {}) => object("Job", { spec, status });

  it.each<[string, KubeObject, Partial<View>]>([
    ["ready", job({ conditions: [{ type: "Complete", status: "True" }] }), {}],
    ["ready", job({}, { suspend: true }), {}],
    ["waiting: 1 of 3 runs succeeded", job({ succeeded: 1 }, { completions: 3 }), {}],
    [
      "failed: BackoffLimitExceeded: too often",
      job({ conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "too often" }] }),
      {},
    ],
    [
      "failed: pod p: container main: InvalidImageName",
      job({}),
      { pods: [pod("p", waiting("InvalidImageName"), { ownerReferences: [{ uid: "uid" }] })] },
    ],
  ])("is %s", (expected, of, view) => {
    expect(verdict(of, view)).toBe(expected);
  });

  const refusedPull = (count: number, fieldPath = "spec.containers{main}") =>
    ({ involvedObject: { uid: "p", fieldPath }, reason: "Failed", message: "Error: ErrImagePull", count }) as never;
  const owned = { ownerReferences: [{ uid: "uid" }] };

  it.each<[string, Partial<View>]>([
    ["failed", { events: [refusedPull(2)] }],
    ["waiting", { events: [refusedPull(1)] }],
    ["waiting", { events: [refusedPull(2, "spec.containers{other}")] }],
  ])("is %s when its image was refused %j", (expected, view) => {
    const backingOff = pod("p", waiting("ImagePullBackOff", "connection refused"), owned);
    const cause = "pod p: container main: ImagePullBackOff: connection refused";
    const progress = expected === "waiting" ? "0 of 1 runs succeeded: " : "";
    expect(verdict(job({}), { ...view, pods: [backingOff] })).toBe(`${expected}: ${progress}${cause}`);
  });

  it("goes on once an image that was refused twice is there", () => {
    const running = pod("p", { containerStatuses: [{ name: "main", restartCount: 0, state: { running: {} } }] }, owned);
    expect(verdict(job({}), { events: [refusedPull(2)], pods: [running] })).toBe("waiting: 0 of 1 runs succeeded");
  });
});

describe("other kinds", () => {
  const status = (fields: Fields) => ({ spec: { replicas: 2 }, status: { observedGeneration: 2, ...fields } });

  it.each<[string, KubeObject]>([
    ["ready", object("StatefulSet", status({ replicas: 2, readyReplicas: 2, updatedReplicas: 2 }))],
    ["waiting: 1 of 2 pods ready", object("StatefulSet", status({ replicas: 2, readyReplicas: 1, updatedReplicas: 2 }))],
    ["waiting: waiting for its controller to see the change", object("StatefulSet", status({ observedGeneration: 1 }))],
    ["ready", object("DaemonSet", status({ desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 }))],
    ["ready", object("DaemonSet", status({ desiredNumberScheduled: 0 }))],
    [
      "waiting: 1 of 2 nodes have the new pod",
      object("DaemonSet", status({ desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 })),
    ],
    [
      "waiting: available on 1 of 2 nodes",
      object("DaemonSet", status({ desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 })),
    ],
    ["ready", object("ReplicaSet", status({ replicas: 2, availableReplicas: 2 }))],
    ["ready", object("Pod", { status: readyPod })],
    ["ready", object("Pod", { status: { phase: "Succeeded" } })],
    ["failed: Evicted", object("Pod", { status: { phase: "Failed", reason: "Evicted" } })],
    ["ready", object("Namespace", { status: { phase: "Active" } })],
    ["waiting: namespace is Terminating", object("Namespace", { status: { phase: "Terminating" } })],
    ["ready", object("CustomResourceDefinition", { status: { conditions: [{ type: "Established", status: "True" }] } })],
    [
      "failed: ListKindConflict: taken",
      object("CustomResourceDefinition", {
        status: { conditions: [{ type: "NamesAccepted", status: "False", reason: "ListKindConflict", message: "taken" }] },
      }),
    ],
    ["ready", object("PersistentVolume", { status: { phase: "Available" } })],
    ["waiting: volume is Pending", object("PersistentVolume", {})],
    ["failed: no such disk", object("PersistentVolume", { status: { phase: "Failed", message: "no such disk" } })],
    ["ready", object("ReplicationController", status({ replicas: 2, availableReplicas: 2 }))],
    ["waiting: 1 of 2 pods available", object("ReplicationController", status({ replicas: 2, availableReplicas: 1 }))],
    ["ready", object("ResourceQuota", { spec: { hard: { pods: "2" } }, status: { hard: { pods: "2" } } })],
    ["waiting: waiting for its controller to count what there is", object("ResourceQuota", { spec: { hard: { pods: "2" } }, status: {} })],
    ["ready", object("Secret", { type: "Opaque" })],
    ["ready", object("Secret", { type: "kubernetes.io/service-account-token", data: { token: "x" } })],
    ["waiting: waiting for the token of its service account", object("Secret", { type: "kubernetes.io/service-account-token" })],
    ["nothing to wait for", object("ConfigMap", {})],
    ["nothing to wait for", object("PodDisruptionBudget", { status: { conditions: [{ type: "Ready", status: "False" }] } })],
  ])("is %s", (expected, of) => {
    expect(verdict(of)).toBe(expected);
  });

  it("count the new pods of a StatefulSet apart from the old ones while it rolls", () => {
    const rolling = object("StatefulSet", status({ replicas: 2, readyReplicas: 1, updatedReplicas: 1, updateRevision: "new" }));
    const owned = (revision: string) => ({ labels: { "controller-revision-hash": revision }, ownerReferences: [{ uid: "uid" }] });
    const pods = [pod("thing-0", readyPod, owned("old")), pod("thing-1", waiting("ErrImagePull"), owned("new"))];
    expect(verdict(rolling, { pods })).toBe(
      "waiting: 0 of 2 new pods ready, 1 old one still there: pod thing-1: container main: ErrImagePull",
    );
  });

  it("do not blame a DaemonSet's new template for what its old pods do", () => {
    const annotations = { "deprecated.daemonset.template.generation": "3" };
    const rolling = object("DaemonSet", status({ desiredNumberScheduled: 1, updatedNumberScheduled: 0 }), { annotations });
    const owned = { labels: { "pod-template-generation": "2" }, ownerReferences: [{ uid: "uid" }] };
    expect(verdict(rolling, { pods: [pod("old", crashed(9), owned)] })).toBe("waiting: 0 of 1 nodes have the new pod");
  });
});
