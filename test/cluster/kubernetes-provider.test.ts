import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDemoImage } from "../../demo/image.ts";
import { type Cluster, loadImage, startCluster, stopCluster } from "../../tools/cluster/index.ts";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { KubernetesProvider } from "../../tools/kubernetes-provider/provider.ts";
import { type Serving, serve } from "../../tools/kubernetes-provider/server.ts";
import type { Props } from "../../tools/kubernetes-provider/values.ts";
import { binDir, imagesDir, projectRoot } from "../../tools/paths.ts";

const clusterName = `provider-test-${process.pid}`;
let cluster: Cluster;
let image: string;

beforeAll(async () => {
  cluster = await startCluster({ name: clusterName });
  const built = await buildDemoImage(imagesDir);
  await loadImage(cluster, built.archive);
  image = built.reference;
});

afterAll(async () => {
  await stopCluster(clusterName);
  rmSync(join(tmpdir(), clusterName), { recursive: true, force: true });
});

const kubectl = (...args: string[]) =>
  execa(join(binDir, "kubectl"), ["--kubeconfig", cluster.kubeconfig, "--cache-dir", join(tmpdir(), clusterName), ...args]).then(
    ({ stdout }) => stdout,
  );

describe("on the real engine, every kind that stacks use", () => {
  let folder: string;
  let serving: Serving;
  const namespace = "kinds";

  /** The engine talks to the provider in this process, whatever is installed. */
  const pulumi = (...args: string[]) =>
    execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
      cwd: join(folder, "program"),
      env: {
        ...pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: folder }, stateDir: folder }),
        PULUMI_STACK: "kinds",
        PULUMI_DEBUG_PROVIDERS: `kubernetes:${serving.port}`,
      },
      extendEnv: false,
      all: true,
    });
  const config = (changed: boolean) => {
    const values = { namespace, image, changed: String(changed), "kubernetes:kubeconfig": cluster.kubeconfig };
    return [
      "--config-file",
      join(folder, "Pulumi.kinds.yaml"),
      ...Object.entries(values).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
    ];
  };
  const steps = async (changed: boolean) => {
    const { stdout } = await pulumi("preview", "--json", ...config(changed));
    const all = (JSON.parse(stdout) as { steps: Step[] }).steps.filter(({ op }) => op !== "same");
    const kept = all.filter(({ op }) => op !== "create-replacement" && op !== "delete-replaced");
    const named = kept.map(({ urn, op, detailedDiff }) => {
      const changes = Object.entries(detailedDiff ?? {}).map(([path, { kind }]) => `${kind} ${path}`);
      return [urn.split("::").at(-1), [op, ...changes.sort()].join(", ")];
    });
    return Object.fromEntries(named);
  };
  interface Step {
    op: string;
    urn: string;
    detailedDiff?: Record<string, { kind: string }>;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "kubernetes-provider-"));
    // The engine writes the stack's settings beside the program.
    cpSync(join(projectRoot, "test/cluster/kubernetesProvider/program"), join(folder, "program"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
    serving = await serve();
    await pulumi("stack", "init", "kinds");
  });
  afterAll(() => {
    serving.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("previews without touching the server", async () => {
    expect(Object.values(await steps(false))).toEqual(Array(21).fill("create"));
    expect(await kubectl("get", "namespaces", "-o", "name")).not.toContain(namespace);
  });

  it("is created, and then there is nothing to do", async () => {
    const { all } = await pulumi("up", "--yes", "--skip-preview", ...config(false));
    expect(all).toContain("+ 21 created");
    expect(await steps(false)).toEqual({});
  });

  it("keeps no secret in the clear", async () => {
    const { stdout } = await pulumi("stack", "export");
    expect(stdout).not.toMatch(/s3cret-one|czNjcmV0LW9uZQ==/);
  });

  it("previews each change as the official provider does, and shows the replacements on which that one fails", async () => {
    expect(await steps(true)).toEqual({
      ns: "update, add metadata.labels",
      mutable: "replace, update-replace data.key",
      autonamed: "replace, update-replace data.key",
      immutable: "replace, update-replace data.key",
      secret: "replace, update-replace data.token",
      role: "update, add rules[0].verbs[1]",
      binding: "replace, update-replace roleRef.name",
      deployment: "update, add metadata.annotations, update spec.replicas, update spec.template.spec.containers[0].env[0].value",
      stateful: "replace, update-replace spec.serviceName",
      daemon: "update, add spec.template.spec.priority",
      job: "replace, add-replace spec.template.spec.containers[0].env",
      cron: "update, update spec.schedule",
      service: "update, update spec.ports[0].port, update spec.selector.app",
      pod: "replace, add-replace spec.containers[0].env",
      budget: "update, update spec.minAvailable",
      autoscaler: "update, update spec.maxReplicas",
      network: "update, add spec.policyTypes[1]",
      widget: "update, update spec.size",
    });
  });

  it("is changed, what cannot change in place by replacement", async () => {
    const { all } = await pulumi("up", "--yes", "--skip-preview", ...config(true));
    expect(all).toMatch(/~ 10 updated\s+\+-8 replaced/);
    expect(await kubectl("get", "rolebinding", "binding", "-n", namespace, "-o", "jsonpath={.roleRef.name}")).toBe("other");
    expect(await steps(true)).toEqual({});
  });

  it("is created again where someone deleted it, once a refresh has seen that", async () => {
    await kubectl("delete", "networkpolicy/network", "-n", namespace);
    const { all } = await pulumi("up", "--yes", "--skip-preview", "--refresh", ...config(true));
    expect(all).toMatch(/\+ 1 created/);
    expect(await kubectl("get", "networkpolicy", "-n", namespace, "-o", "name")).toBe("networkpolicy.networking.k8s.io/network");
  });

  it("names who holds a field that it would change, in the preview already, and leaves it alone", async () => {
    await kubectl("scale", "deployment/deployment", "-n", namespace, "--replicas=3");
    await kubectl("rollout", "status", "deployment/deployment", "-n", namespace);
    const { all } = await pulumi("preview", "--refresh", ...config(true)).catch((error) => error);
    expect(all).toContain('Deployment kinds/deployment: field manager "kubectl" owns spec.replicas.');
  });

  it("is deleted with all that it owns", async () => {
    await pulumi("destroy", "--yes", "--skip-preview", ...config(true));
    expect(await kubectl("get", "namespaces,customresourcedefinitions", "-o", "name")).not.toMatch(/kinds|widgets/);
  });
});

describe("what does not become ready", () => {
  let provider: KubernetesProvider;
  const statuses: string[] = [];
  const made: Props[] = [];
  const namespace = "never-ready";

  beforeAll(async () => {
    provider = new KubernetesProvider({ status: (_urn, message) => statuses.push(message), log: () => {} });
    await provider.configure({ kubeconfig: readFileSync(cluster.kubeconfig, "utf8") });
    await kubectl("create", "namespace", namespace);
  });
  afterAll(async () => {
    for (const state of made) await provider.remove({ urn: "urn", state, timeout: 60 });
  });

  /** Why a Deployment of this container did not become ready. */
  async function failureOf(name: string, container: object, timeout = 60): Promise<string> {
    const spec = { terminationGracePeriodSeconds: 1, containers: [{ name: "main", imagePullPolicy: "IfNotPresent", image, ...container }] };
    const inputs: Props = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace },
      spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: spec as unknown as Props } },
    };
    statuses.length = 0;
    const error = await provider.create({ urn: "urn", inputs, timeout, preview: false }).then(
      () => ({ message: "no error", properties: {} }),
      (reason: Error & { properties: Props }) => reason,
    );
    made.push(error.properties);
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
