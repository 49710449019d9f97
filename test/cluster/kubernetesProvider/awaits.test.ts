import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KubernetesProvider } from "../../../tools/kubernetes-provider/provider.ts";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";
import { newTestCluster, type TestCluster } from "./testCluster.ts";

describe("what does not become ready", () => {
  let on: TestCluster;
  let provider: KubernetesProvider;
  const statuses: string[] = [];
  const namespace = "never-ready";

  beforeAll(async () => {
    on = await newTestCluster();
    provider = new KubernetesProvider({ status: (_urn, message) => statuses.push(message), log: () => {} });
    await provider.configure({ kubeconfig: readFileSync(on.cluster.kubeconfig, "utf8") });
    await on.kubectl("create", "namespace", namespace);
  });
  afterAll(() => on?.close());

  const podSpec = (container: object, more: object = {}) =>
    ({
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "main", imagePullPolicy: "IfNotPresent", image: on.image, ...container }],
      ...more,
    }) as unknown as Props;

  /** Why a Deployment of this container did not become ready. */
  function failureOf(name: string, container: object, timeout = 60): Promise<string> {
    const template = { metadata: { labels: { app: name } }, spec: podSpec(container) };
    const spec = { selector: { matchLabels: { app: name } }, template };
    return failure({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace }, spec }, timeout);
  }

  async function failure(inputs: Props, timeout: number): Promise<string> {
    statuses.length = 0;
    const error = await provider.create({ urn: "urn", inputs, timeout, preview: false }).then(
      () => ({ message: "no error" }),
      (reason: Error) => reason,
    );
    return error.message;
  }

  it("fails at once, whatever the timeout, where no waiting can help", async () => {
    expect(await failureOf("bad-name", { image: "localhost/Bad:1" }, 600)).toMatch(
      /^Deployment never-ready\/bad-name cannot become ready: pod bad-name-\S+: container main: InvalidImageName: .*must be lowercase$/,
    );
    expect(await failureOf("absent", { image: "localhost/absent:1", imagePullPolicy: "Never" }, 600)).toMatch(
      /^Deployment never-ready\/absent cannot become ready: pod absent-\S+: container main: ErrImageNeverPull: Container image "localhost\/absent:1" is not present with pull policy of Never$/,
    );
  });

  it("fails a Job, which nothing would end, at the second refusal of its image; the first may be a hiccup", async () => {
    const spec = { template: { spec: podSpec({ image: "127.0.0.1:1/app:none" }, { restartPolicy: "Never" }) } };
    expect(await failure({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "unpulled", namespace }, spec }, 600)).toMatch(
      /^Job never-ready\/unpulled cannot become ready: pod unpulled-\S+: container main: (ErrImagePull|ImagePullBackOff): .* connection refused$/,
    );
  });

  it("shows the last lines of a crash while it waits", async () => {
    const args = ["-e", "console.log('reading the settings'); console.log('FATAL: no key'); process.exit(3)"];
    expect(await failureOf("crash", { args }, 8)).toMatch(
      /^Deployment never-ready\/crash was not ready within 8 s: 0 of 1 pods available; pod crash-\S+: container main: exited with code 3.*; its last lines: reading the settings \| FATAL: no key$/,
    );
    expect(statuses).toContainEqual(expect.stringContaining("its last lines: reading the settings | FATAL: no key"));
  });

  it("tells what the scheduler and the probes say", async () => {
    expect(await failureOf("huge", { resources: { requests: { cpu: "900" } } }, 4)).toMatch(
      /^Deployment never-ready\/huge was not ready within 4 s: 0 of 1 pods available; pod huge-\S+ cannot be scheduled: 0\/1 nodes are available: 1 Insufficient cpu\./,
    );
    const probed = { args: ["-e", "setInterval(() => {}, 1000)"], readinessProbe: { tcpSocket: { port: 9 }, periodSeconds: 1 } };
    expect(await failureOf("unprobed", probed, 10)).toMatch(
      /^Deployment never-ready\/unprobed was not ready within 10 s: 0 of 1 pods available; pod unprobed-\S+: Readiness probe failed: dial tcp \S+:9: connect: connection refused$/,
    );
  });
});
