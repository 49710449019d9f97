import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { AppsV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { buildDemoImage } from "../../demo/image.ts";
import { processesIn } from "../../tools/cluster/cgroups.ts";
import { type Cluster, clusterLogs, clusterStatus, loadImage, startCluster, stopCluster, useContext } from "../../tools/cluster/index.ts";
import { layoutOf } from "../../tools/cluster/layout.ts";
import { isAlive } from "../../tools/cluster/processes.ts";
import { readParts, readRecord } from "../../tools/cluster/record.ts";

const nodeParts = ["containerd", "coredns", "etcd", "kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubelet"];
const echo = "require('http').createServer((q,s)=>s.end(process.env.SAYS)).listen(8080)";
const ask = "fetch('http://echo.default.svc/').then(r=>r.text()).then(t=>require('fs').writeFileSync(1,t))";

function clients(cluster: Cluster) {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  return { core: config.makeApiClient(CoreV1Api), apps: config.makeApiClient(AppsV1Api) };
}

/** A Deployment and a Service called echo; every pod answers with `says`. */
async function deployEcho(cluster: Cluster, image: string, says: string): Promise<void> {
  const { core, apps } = clients(cluster);
  const labels = { app: "echo" };
  const container = {
    name: "echo",
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["/usr/local/bin/node", "-e", echo],
    env: [{ name: "SAYS", value: says }],
    readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
  };
  const template = { metadata: { labels }, spec: { containers: [container], terminationGracePeriodSeconds: 0 } };
  await apps.createNamespacedDeployment({
    namespace: "default",
    body: { metadata: { name: "echo" }, spec: { replicas: 2, selector: { matchLabels: labels }, template } },
  });
  await core.createNamespacedService({
    namespace: "default",
    body: { metadata: { name: "echo" }, spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] } },
  });
  await available(cluster);
}

async function available(cluster: Cluster): Promise<void> {
  const { apps } = clients(cluster);
  await expect
    .poll(async () => (await apps.readNamespacedDeployment({ namespace: "default", name: "echo" })).status?.availableReplicas, {
      timeout: 60_000,
    })
    .toBe(2);
}

/** Endpoints follow a pod's readiness after a moment, so an answer right after a restart may take a second try. */
async function answers(cluster: Cluster): Promise<void> {
  await available(cluster);
  await expect.poll(() => get(cluster, "echo.default.svc").catch((error: Error) => error.message), { timeout: 30_000 }).toBe("hello");
}

async function get(cluster: Cluster, host: string): Promise<string> {
  const socket = await cluster.dial(host, 80);
  return new Promise((fulfil, reject) => {
    http.get({ host, createConnection: () => socket }, (response) => text(response).then(fulfil, reject)).on("error", reject);
  });
}

/** Never with a made-up id: as root, -1 is every process of the machine. */
function kill(pid: number | undefined): void {
  if (pid === undefined) throw new Error("the process to kill is not running");
  process.kill(pid, "SIGKILL");
}

/** What of this machine a cluster could have changed, but the cgroups of others. */
function traces() {
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: "utf8" });
  return {
    links: run("ip", "-oneline", "link").replaceAll(/ (state|qdisc) \S+/g, ""),
    routes: run("ip", "route"),
    rules: run("iptables-save").replaceAll(/^#.*\n|\[\d+:\d+\]/gm, ""),
    mounts: readFileSync("/proc/self/mountinfo", "utf8"),
    tunables: ["vm/overcommit_memory", "kernel/panic", "kernel/panic_on_oops", "net/ipv4/ip_forward", "kernel/hostname"].map((name) =>
      readFileSync(join("/proc/sys", name), "utf8"),
    ),
    folders: [
      "/var/lib/cni",
      "/var/lib/kubelet",
      "/var/log/pods",
      "/var/log/containers",
      "/run/containerd",
      "/opt/containerd",
      "/etc/cni",
    ].map((folder) => [folder, existsSync(folder)]),
  };
}

describe("the project's own node", () => {
  const name = "test-node";
  let before: ReturnType<typeof traces>;
  let cluster: Cluster;
  beforeAll(async () => {
    await stopCluster(name);
    before = traces();
    cluster = await startCluster({ name });
  });
  afterAll(() => stopCluster(name));

  it("is ready for work when start returns: node, DNS, services, default account", async () => {
    const { state, kind, components } = await clusterStatus(name);
    expect({ state, kind, parts: components.map((component) => component.name) }).toEqual({
      state: "running",
      kind: "node",
      parts: nodeParts,
    });
    const { core } = clients(cluster);
    const [node] = (await core.listNode()).items;
    expect(node?.spec?.taints).toBeUndefined();
    (await cluster.dial("kubernetes.default.svc", 443)).destroy();
    expect((await core.readNamespacedServiceAccount({ name: "default", namespace: "default" })).metadata?.name).toBe("default");
  });

  it("is the same one when it is started again", async () => {
    const lines: string[] = [];
    const kubeconfig = readFileSync(cluster.kubeconfig, "utf8");
    const again = await startCluster({ name, report: (line) => lines.push(line) });
    expect({ kubeconfig: readFileSync(again.kubeconfig, "utf8"), lines }).toEqual({ kubeconfig, lines: [] });
  });

  it("runs an image from an archive by its digest, and pods and this machine reach it by its service's name", async () => {
    const folder = mkdtempSync(join(tmpdir(), "image-"));
    try {
      const image = await buildDemoImage(folder);
      await loadImage(cluster, image.archive);
      await deployEcho(cluster, image.reference, "hello");
    } finally {
      rmSync(folder, { recursive: true });
    }
    await answers(cluster);
    const [pod] = (await clients(cluster).core.listNamespacedPod({ namespace: "default", labelSelector: "app=echo" })).items;
    const { inner } = readRecord(layoutOf(name)) ?? {};
    // What the pod itself sees, without a client for exec: in the pod's namespaces, with the image's Node.
    const inPod = execFileSync("nsenter", [
      ...["--target", String(inner?.pid), "--mount", "--net", "--pid", "--cgroup"],
      ...["ctr", "--address", "/run/containerd/containerd.sock", "--namespace", "k8s.io", "tasks", "exec", "--exec-id", "ask"],
      ...[pod?.status?.containerStatuses?.[0]?.containerID?.replace("containerd://", "") ?? "", "/usr/local/bin/node", "-e", ask],
    ]);
    expect(inPod.toString()).toBe("hello");
  });

  it("says what it cannot reach", async () => {
    await expect(cluster.dial("nobody.default.svc", 80)).rejects.toThrow(
      "the cluster's DNS has no address for nobody.default.svc.cluster.local",
    );
  });

  it("is reached like any other cluster by the context of its kubeconfig", async () => {
    const { KUBECONFIG } = process.env;
    process.env.KUBECONFIG = cluster.kubeconfig;
    try {
      const other = await useContext(cluster.context);
      expect(await get(other, "echo.default.svc")).toBe("hello");
      rmSync(other.kubeconfig);
    } finally {
      if (KUBECONFIG === undefined) delete process.env.KUBECONFIG;
      else process.env.KUBECONFIG = KUBECONFIG;
    }
  });

  it("keeps a log of every part", () => {
    const log = clusterLogs(name);
    expect(nodeParts.filter((part) => !log.includes(`== ${part}\n`))).toEqual([]);
    expect(() => clusterLogs(name, "kubelt")).toThrow(`"kubelt" has no log in the cluster "${name}"`);
  });

  it("tells a port that is taken from the one it uses", async () => {
    await expect(startCluster({ name, port: 1 })).rejects.toThrow(`the cluster "${name}" already runs on port`);
    await expect(startCluster({ name, simulated: true })).rejects.toThrow(`the cluster "${name}" is a real node`);
  });

  it.each(nodeParts)("works again after %s was killed", async (part) => {
    // The one that was killed before may have taken it along; then it is back in a moment.
    const pid = await vi.waitUntil(
      async () => (await clusterStatus(name)).components.find((component) => component.name === part)?.pid,
      30_000,
    );
    kill(pid);
    await startCluster({ name });
    await answers(cluster);
  });

  it.each(["main", "inner"] as const)("comes back with everything in it after its %s process was killed", async (which) => {
    kill(readRecord(layoutOf(name))?.[which]?.pid);
    cluster = await startCluster({ name });
    await answers(cluster);
  });

  it("lives beside another one", async () => {
    const other = await startCluster({ name: "test-other" });
    try {
      expect(other.kubeconfig).not.toBe(cluster.kubeconfig);
      await expect(other.dial("echo.default.svc", 80)).rejects.toThrow("has no address");
      expect(await get(cluster, "echo.default.svc")).toBe("hello");
    } finally {
      await stopCluster("test-other");
    }
  });

  it("leaves nothing behind when it is stopped", async () => {
    const { main, inner, cgroups = [] } = readRecord(layoutOf(name)) ?? {};
    expect(cgroups.flatMap(processesIn).length).toBeGreaterThan(0);
    await stopCluster(name);
    expect(traces()).toEqual(before);
    expect([main, inner].filter((ended) => ended && isAlive(ended))).toEqual([]);
    expect([...cgroups, layoutOf(name).dir, layoutOf(name).lock].filter(existsSync)).toEqual([]);
    expect(await clusterStatus(name)).toEqual({ name, state: "stopped", components: [], memory: 0 });
  });
});

describe("the simulated cluster", () => {
  const name = "test-simulated";
  let cluster: Cluster;
  beforeAll(async () => {
    await stopCluster(name);
    cluster = await startCluster({ name, simulated: true });
  });
  afterAll(() => stopCluster(name));

  it("takes workloads and says that they are ready", async () => {
    await deployEcho(cluster, "localhost/echo:1", "nothing");
    const { state, kind } = await clusterStatus(name);
    expect({ state, kind }).toEqual({ state: "running", kind: "simulated" });
  });

  it("has no traffic, and says so", async () => {
    await expect(cluster.dial("echo.default.svc", 80)).rejects.toThrow("traffic is simulated");
  });

  it.each(["etcd", "kube-apiserver", "kwok"])("works again after %s was killed", async (part) => {
    kill(readParts(layoutOf(name))[part]?.pid);
    await startCluster({ name, simulated: true });
    await available(cluster);
  });

  it("comes back with everything in it after its supervisor was killed", async () => {
    kill(readRecord(layoutOf(name))?.main?.pid);
    cluster = await startCluster({ name, simulated: true });
    await available(cluster);
  });

  it("leaves no process and no file behind when it is stopped", async () => {
    const parts = Object.values(readParts(layoutOf(name)));
    await stopCluster(name);
    expect(parts.filter(isAlive)).toEqual([]);
    expect(existsSync(layoutOf(name).dir)).toBe(false);
  });
});

describe("a start that cannot be", () => {
  it("names the port that is taken and leaves nothing", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    const port = await new Promise<number>((fulfil) => taken.once("listening", () => fulfil((taken.address() as { port: number }).port)));
    await expect(startCluster({ name: "test-taken", port })).rejects.toThrow(`port ${port} on 127.0.0.1 is taken by another program`);
    taken.close();
    expect(existsSync(layoutOf("test-taken").dir)).toBe(false);
  });
});
