import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { buildDemoImages } from "../../../demo/image.ts";
import { Kube, kubeConfig } from "../../../drill/kube.ts";
import { type Load, type LoadTarget, startLoad } from "../../../drill/load.ts";
import { type CommandRun, Pulumi } from "../../../drill/pulumi.ts";
import { openRoute } from "../../../drill/route.ts";
import { buildOperationsImage } from "../../../operations/image.ts";
import { type Answer, send } from "../../../probes/request.ts";
import { clusterStatus, loadImage, startCluster, stopCluster } from "../../../tools/cluster/index.ts";
import { pulumiEnvironment } from "../../../tools/environment.ts";
import { binDir, imagesDir } from "../../../tools/paths.ts";

type Levers = Record<string, unknown>;

/** The system of plan.ts on the real node, in a namespace and with a state of its own. */
export interface TestSystem {
  kube: Kube;
  images: { current: string; previous: string };
  /** Sets levers over those of a stack in service, and runs `pulumi up`; rejects with `CommandError`. */
  up(levers?: Levers): Promise<CommandRun>;
  /** What `pulumi preview` would do: `create`, `update`, … by resource name. */
  preview(levers?: Levers): Promise<Record<string, string>>;
  request(call: { method: "GET" | "POST"; path: string; body?: string }): Promise<Answer>;
  /** Steady requests to the Service, fifty a second, that the app answers without a provider. */
  load(): Promise<Load>;
  /** Follows the log of the pods that the selector matches now, also when they are gone; gives its messages. */
  follow(selector: string): Promise<() => Promise<string[]>>;
  close(): Promise<void>;
}

export async function newTestSystem(): Promise<TestSystem> {
  const wasRunning = (await clusterStatus()).state === "running";
  const cluster = await startCluster();
  const images = await buildDemoImages(imagesDir);
  const operations = await buildOperationsImage(imagesDir);
  for (const { archive } of [images.current, operations]) await loadImage(cluster, archive);
  const namespace = `maintenance-test-${process.pid}`;
  const kube = new Kube(kubeConfig(cluster), namespace);
  await kube.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }]);

  const folder = mkdtempSync(join(tmpdir(), "maintenance-"));
  const configFile = join(folder, "Pulumi.test.yaml");
  const pulumi = new Pulumi({ cwd: import.meta.dirname, env: pulumiEnvironment({ stateDir: folder }), stack: "test", onLine: () => {} });
  await pulumi.run(["stack", "init", "test", "--no-select"]);
  const inService: Levers = {
    system: "shop",
    aiProvider: "openai",
    stable: { image: images.current.reference },
    verification: { image: operations.reference },
    credentials: { openai: { apiKey: "sk-test" } },
  };
  const configure = (levers: Levers) => {
    const own = Object.entries({ ...inService, ...levers }).map(([name, value]) => [`shop:${name}`, value] as const);
    const provider = { "kubernetes:kubeconfig": cluster.kubeconfig, "kubernetes:context": cluster.context };
    writeFileSync(configFile, stringify({ config: { ...Object.fromEntries(own), ...provider, "kubernetes:namespace": namespace } }));
  };
  const target = async (): Promise<LoadTarget> => {
    const { clusterIP, port } = await kube.service("shop");
    const { name, kubeconfig, context } = cluster;
    return { cluster: { name, kubeconfig, context, kind: "node" }, namespace, service: "shop", clusterIP, port };
  };
  return {
    kube,
    images: { current: images.current.reference, previous: images.previous.reference },
    up(levers = {}) {
      configure(levers);
      return pulumi.run(["up", "--yes", "--skip-preview", "--config-file", configFile]);
    },
    async preview(levers = {}) {
      configure(levers);
      const { stdout } = await pulumi.run(["preview", "--json", "--config-file", configFile]);
      const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
      return Object.fromEntries(steps.filter(({ op }) => op !== "same").map(({ op, urn }) => [urn.split("::").at(-1) ?? "", op]));
    },
    request: async (call) => send(await openRoute(await target()), { ...call, timeoutMs: 5000 }),
    load: async () =>
      startLoad({ target: await target(), rate: 50, call: { method: "POST", path: "/webhook", body: "{}", timeoutMs: 10_000 } }),
    async follow(selector) {
      const args = ["--kubeconfig", cluster.kubeconfig, "--namespace", namespace, "logs", "--follow", "--selector", selector];
      const child = execa(join(binDir, "kubectl"), args, { reject: false });
      return async () => (await child).stdout.split("\n").flatMap((line) => (line.startsWith("{") ? JSON.parse(line).message : []));
    },
    async close() {
      await kube.deleteNamespace();
      if (!wasRunning) await stopCluster();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
