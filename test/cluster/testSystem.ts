import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import type { OpenStack } from "../../cli/stack/open.ts";
import { readStackDocument } from "../../cli/stack/stackDocument.ts";
import type { Plan } from "../../components/plan/plan.ts";
import type { ReleaseRecord } from "../../components/releaseRecord.ts";
import { buildDemoImages } from "../../demo/image.ts";
import { Kube, kubeConfig, sleep } from "../../drill/kube.ts";
import { type Load, type LoadTarget, startLoad } from "../../drill/load.ts";
import { openRoute } from "../../drill/route.ts";
import { buildOperationsImage } from "../../operations/image.ts";
import { type Answer, type Call, send } from "../../probes/request.ts";
import { type CommandRun, Pulumi } from "../../pulumi/pulumi.ts";
import { type Cluster, loadImage } from "../../tools/cluster/index.ts";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { binDir, imagesDir, workDir } from "../../tools/paths.ts";
import { shareCluster } from "./sharedCluster.ts";

type Levers = Record<string, unknown>;

export interface TestSystemArgs {
  /** With the program and its plan; its name is the namespace's. */
  folder: string;
  /** The plan's service, and the project. */
  app: string;
  /** What the load asks. */
  call: Pick<Call, "method" | "path" | "body">;
  /** What the system leans on, made before it; resolves to levers of the stack in service. */
  prepare?: (ground: { kube: Kube; cluster: Cluster; images: TestSystem["images"] }) => Promise<Levers>;
}

/** The system of a plan on the real node, in a namespace and with a state of its own. */
export interface TestSystem {
  kube: Kube;
  cluster: Cluster;
  images: { current: string; previous: string };
  /** Sets levers over those of a stack in service, and runs `pulumi up`, with such flags; rejects with `CommandError`. */
  up(levers?: Levers, ...flags: string[]): Promise<CommandRun>;
  /** Any other command of Pulumi's on the stack. */
  pulumi(...args: string[]): Promise<CommandRun>;
  /** Where the stack's locks are. */
  locks: string;
  kubectl(...args: string[]): Promise<string>;
  /** What `pulumi preview` would do: `create`, `update`, … by resource name. */
  preview(levers?: Levers): Promise<Record<string, string>>;
  /** The stack as an operator's command opens it, with its levers as they are. */
  open(plan: Plan): OpenStack;
  request(call: { method: "GET" | "POST"; path: string; body?: string }): Promise<Answer>;
  /** What the last verified update left. */
  record(): Promise<ReleaseRecord>;
  /** Steady requests to the Service, fifty a second. */
  load(): Promise<Load>;
  /** Follows the log of the pods that the selector matches now, also when they are gone; gives its messages. */
  follow(selector: string): Promise<() => Promise<string[]>>;
  /** Resolves when the selector matches no pod any more. */
  gone(selector: string): Promise<void>;
  close(): Promise<void>;
}

export async function newTestSystem({ folder: cwd, app, call, prepare }: TestSystemArgs): Promise<TestSystem> {
  const shared = await shareCluster();
  const { cluster } = shared;
  const { current, previous } = await buildDemoImages(imagesDir);
  const images = { current: current.reference, previous: previous.reference };
  const operations = await buildOperationsImage(imagesDir);
  for (const { archive } of [current, operations]) await loadImage(cluster, archive);
  const namespace = `${basename(cwd)}-test-${process.pid}`;
  const kube = new Kube(kubeConfig(cluster), namespace);

  const folder = mkdtempSync(join(tmpdir(), `${basename(cwd)}-`));
  const configFile = join(workDir, `Pulumi.${namespace}.yaml`);
  mkdirSync(workDir, { recursive: true });
  const env = pulumiEnvironment({ stateDir: folder });
  const pulumi = new Pulumi({ cwd, env, stack: namespace, onLine: () => {} });
  await pulumi.run(["stack", "init", namespace, "--no-select"]);
  await kube.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }]);
  const prepared = await prepare?.({ kube, cluster, images });
  for (const provider of ["openai", "gemini"]) {
    await pulumi.run(["config", "set", "--secret", "--path", `credentials.${provider}.apiKey`], "a-key");
  }
  const { encryptionsalt, config: secrets } = parse(readFileSync(configFile, "utf8"));
  const inService: Levers = {
    system: app,
    aiProvider: "openai",
    stable: { image: images.current },
    verification: { image: operations.reference },
    ...prepared,
  };
  const configure = (levers: Levers) => {
    const own = Object.entries({ ...inService, ...levers }).map(([name, value]) => [`${app}:${name}`, value] as const);
    const provider = { "kubernetes:kubeconfig": cluster.kubeconfig, "kubernetes:context": cluster.context };
    const config = { ...secrets, ...Object.fromEntries(own), ...provider, "kubernetes:namespace": namespace };
    writeFileSync(configFile, stringify({ encryptionsalt, config }));
  };
  const target = async (): Promise<LoadTarget> => {
    const { clusterIP, port } = await kube.service(app);
    const { name, kubeconfig, context } = cluster;
    return { cluster: { name, kubeconfig, context, kind: "node" }, namespace, service: app, clusterIP, port };
  };
  const kubectl = ["--kubeconfig", cluster.kubeconfig, "--namespace", namespace];
  return {
    kube,
    cluster,
    images,
    pulumi: (...args) => pulumi.run(args),
    locks: join(folder, "state/.pulumi/locks/organization", app, namespace),
    kubectl: async (...args) => (await execa(join(binDir, "kubectl"), [...kubectl, ...args])).stdout,
    up(levers = {}, ...flags) {
      configure(levers);
      return pulumi.run(["up", "--yes", "--skip-preview", ...flags]);
    },
    async preview(levers = {}) {
      configure(levers);
      const { stdout } = await pulumi.run(["preview", "--json"]);
      const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
      return Object.fromEntries(
        steps.filter(({ op }) => !["same", "read"].includes(op)).map(({ op, urn }) => [urn.split("::").at(-1) ?? "", op]),
      );
    },
    open: (plan) => ({
      project: { folder, name: app, plans: {} },
      name: namespace,
      env,
      plan,
      document: readStackDocument(configFile, namespace, app),
      pulumi,
    }),
    record: async () => JSON.parse((await pulumi.run(["stack", "output", "release", "--json"])).stdout),
    request: async (one) => send(await openRoute(await target()), { ...one, timeoutMs: 5000 }),
    load: async () => startLoad({ target: await target(), rate: 50, call: { ...call, timeoutMs: 10_000 } }),
    async follow(selector) {
      const child = execa(join(binDir, "kubectl"), [...kubectl, "logs", "--follow", "--selector", selector], { reject: false });
      return async () => (await child).stdout.split("\n").flatMap((line) => (line.startsWith("{") ? JSON.parse(line).message : []));
    },
    async gone(selector) {
      while ((await kube.pods(selector)).length > 0) await sleep(250);
    },
    async close() {
      await shared.leave(kube);
      for (const left of [folder, configFile]) rmSync(left, { recursive: true, force: true });
    },
  };
}
