/** What the drill asks of the cluster's API server, always with the kubeconfig and context it was given. */

import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import {
  ApiException,
  Exec,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  type V1Deployment,
  type V1Job,
  type V1LabelSelector,
  type V1Namespace,
  type V1StatefulSet,
  type V1Status,
} from "@kubernetes/client-node";
import { ClusterPods } from "../probes/clusterPods.ts";
import { now } from "../probes/request.ts";

const fieldManager = "rollback-stacks-drill";
/** What fills a database of gigabytes takes minutes; what takes longer has lost its connection without a word. */
const execMs = 900_000;

/** The kubeconfig of a cluster, pinned to its context. */
export function kubeConfig(cluster: { kubeconfig: string; context: string }): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  config.setCurrentContext(cluster.context);
  return config;
}

export class Kube extends ClusterPods {
  readonly #objects: KubernetesObjectApi;
  readonly #exec: Exec;

  constructor(config: KubeConfig, namespace: string) {
    super(config, namespace);
    this.#objects = KubernetesObjectApi.makeApiClient(config);
    this.#exec = new Exec(config);
  }

  /** Server-side apply, in order; what another tool owns of these fields becomes the drill's. */
  async apply(objects: readonly KubernetesObject[]): Promise<void> {
    for (const object of objects) {
      await this.#objects.patch(object, undefined, undefined, fieldManager, true, PatchStrategy.ServerSideApply);
    }
  }

  async readNamespace(): Promise<V1Namespace | undefined> {
    try {
      return await this.core.readNamespace({ name: this.namespace });
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return undefined;
      throw error;
    }
  }

  async secretExists(name: string): Promise<boolean> {
    const { items } = await this.core.listNamespacedSecret({ namespace: this.namespace, fieldSelector: `metadata.name=${name}` });
    return items.length > 0;
  }

  /** Runs a command in a pod's only container; what it printed. Its input does not end: the command has to see for itself when it is over. */
  async exec(pod: string, container: string, command: readonly string[], input: string): Promise<string> {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const [printed, said] = [text(stdout), text(stderr)];
    const { promise: over, resolve, reject } = Promise.withResolvers<V1Status>();
    const socket = await this.#exec.exec(this.namespace, pod, container, [...command], stdout, stderr, stdin, false, resolve);
    socket.addEventListener("close", () => reject(new Error("the connection was cut")));
    const deadline = setTimeout(() => reject(new Error(`it has not ended after ${execMs / 1000} s`)), execMs);
    stdin.write(input);
    try {
      const { status, message } = await over;
      stderr.end();
      stdout.end();
      if (status !== "Success") throw new Error((await said).trim() || message);
      return await printed;
    } catch (error) {
      throw new Error(`${command[0]} in pod ${pod}: ${(error as Error).message}`);
    } finally {
      clearTimeout(deadline);
      socket.close();
    }
  }

  /** Makes a Job and waits for its end; what it printed. Throws with its last words where it failed, or after `timeoutMs`. */
  async runJob(job: V1Job & KubernetesObject, timeoutMs: number): Promise<string> {
    const made = await this.#objects.create(job);
    const name = made.metadata?.name ?? "";
    const deadline = now() + timeoutMs;
    for (;;) {
      const { status } = await this.#objects.read<V1Job>({ ...job, metadata: { name, namespace: this.namespace } });
      const ended = (type: string) => status?.conditions?.some((condition) => condition.type === type && condition.status === "True");
      if (ended("Complete")) return await this.#printed(name);
      if (ended("Failed"))
        throw new Error(
          `job ${name} in namespace ${this.namespace} failed: ${(await this.#printed(name)).trim().split("\n").slice(-3).join("; ")}`,
        );
      if (now() > deadline) throw new Error(`job ${name} in namespace ${this.namespace} is not over after ${timeoutMs / 1000} s`);
      await sleep(250);
    }
  }

  async #printed(job: string): Promise<string> {
    const pod = (await this.pods(`job-name=${job}`)).at(-1);
    const [container] = pod?.spec?.containers ?? [];
    if (!pod?.metadata?.name || !container) return "it has no pod";
    return this.logs(pod.metadata.name, container.name);
  }

  /** The Jobs that a label selector finds. */
  async jobs(selector: string): Promise<V1Job[]> {
    return (await this.#objects.list<V1Job>("batch/v1", "Job", this.namespace, undefined, undefined, undefined, undefined, selector)).items;
  }

  /** Deletes the namespace and waits until nothing of it is left. */
  async deleteNamespace(): Promise<void> {
    await this.core.deleteNamespace({ name: this.namespace });
    while ((await this.readNamespace()) !== undefined) await sleep(250);
  }

  deployment(name: string): Promise<V1Deployment> {
    return this.#objects.read<V1Deployment>({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: this.namespace } });
  }

  /** Waits until a Deployment's newest pods are all ready; throws after `timeoutMs` with what is missing. */
  async deploymentReady(name: string, timeoutMs: number): Promise<void> {
    await this.#ready(name, timeoutMs, () => this.deployment(name));
  }

  /** The same for a StatefulSet. */
  async statefulSetReady(name: string, timeoutMs: number): Promise<void> {
    const set = { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name, namespace: this.namespace } };
    await this.#ready(name, timeoutMs, () => this.#objects.read<V1StatefulSet>(set));
  }

  async #ready(name: string, timeoutMs: number, read: () => Promise<V1Deployment | V1StatefulSet>): Promise<void> {
    const deadline = now() + timeoutMs;
    for (;;) {
      const { metadata, spec, status } = await read();
      const wanted = spec?.replicas ?? 1;
      const { updatedReplicas = 0, readyReplicas = 0, observedGeneration = 0, replicas = 0 } = status ?? {};
      const current = observedGeneration >= (metadata?.generation ?? 0);
      if (current && updatedReplicas === wanted && readyReplicas === wanted && replicas === wanted) return;
      if (now() > deadline) {
        throw new Error(
          `${name} in namespace ${this.namespace} has ${readyReplicas} of ${wanted} pods ready after ${timeoutMs / 1000} s: ` +
            (await this.#whyNotReady(spec?.selector)),
        );
      }
      await sleep(250);
    }
  }

  async #whyNotReady(selector: V1LabelSelector | undefined): Promise<string> {
    const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
    const pods = await this.pods(labels.join(","));
    const reasons = pods.flatMap((pod) => (pod.status?.containerStatuses ?? []).map((status) => status.state?.waiting));
    const said = reasons.flatMap((waiting) => (waiting ? [`${waiting.reason}${waiting.message ? ` (${waiting.message})` : ""}`] : []));
    return said.length > 0 ? [...new Set(said)].join("; ") : `${pods.length} pods exist, none says why it is not ready`;
  }

  /** Cluster address, first port and selector of a Service; throws when there is none. */
  async service(name: string): Promise<{ clusterIP: string; port: number; selector: Record<string, string> }> {
    const { spec } = await this.core.readNamespacedService({ name, namespace: this.namespace });
    const port = spec?.ports?.[0]?.port;
    if (spec?.clusterIP === undefined || port === undefined) throw new Error(`Service ${name} in namespace ${this.namespace} has no port`);
    return { clusterIP: spec.clusterIP, port, selector: spec.selector ?? {} };
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
