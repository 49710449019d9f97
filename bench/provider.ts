/** The Kubernetes provider's own speed, beside `kubectl` on the same objects in the same run. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Cluster } from "../tools/cluster/index.ts";
import { binDir } from "../tools/paths.ts";
import { InstalledProvider } from "./installedProvider.ts";
import { median } from "./startup.ts";
import { newTestStack } from "./testStack.ts";

/** Durations are seconds, medians of the runs. */
export interface ProviderFigures {
  /** How many ConfigMaps. */
  count: number;
  /** Start of the provider's process → its first answer. */
  firstAnswer: number;
  /** `kubectl apply --server-side` of all of them. */
  kubectl: number;
  /** The provider alone: the calls that the engine makes for them, as many at once as the engine makes. */
  provider: number;
  /** `pulumi up`: the program, the engine with its checkpoint after each step, and the provider. */
  up: number;
  /** `pulumi preview` of them with nothing to change. */
  preview: number;
}

const count = 200;
/** The engine's default for `--parallel`. */
const atOnce = 4 * availableParallelism();

type Contest = "firstAnswer" | "kubectl" | "provider" | "up" | "preview";

/** Measures on a running cluster, in namespaces of its own, which go afterwards. */
export async function measureProvider(cluster: Cluster, runs: number): Promise<ProviderFigures> {
  const folder = mkdtempSync(join(tmpdir(), "rollback-bench-"));
  const figures: Record<Contest, number[]> = { firstAnswer: [], kubectl: [], provider: [], up: [], preview: [] };
  const namespaces: string[] = [];
  const kubectl = (...args: string[]) =>
    execa(join(binDir, "kubectl"), ["--kubeconfig", cluster.kubeconfig, "--context", cluster.context, ...args]);
  const newNamespace = async () => {
    const name = `rollback-bench-${process.pid}-${namespaces.length}`;
    await kubectl("create", "namespace", name);
    namespaces.push(name);
    return name;
  };
  try {
    for (let run = 0; run < runs; run++) {
      const manifests = writeManifests(folder, await newNamespace());
      figures.kubectl.push(await seconds(() => kubectl("apply", "--server-side", "--filename", manifests)));

      const provider = await InstalledProvider.start(cluster.kubeconfig);
      figures.firstAnswer.push(provider.firstAnswer);
      const namespace = await newNamespace();
      figures.provider.push(await seconds(() => createAll(provider, namespace)));
      provider.stop();

      const settings = { namespace: await newNamespace(), count: String(count), "kubernetes:kubeconfig": cluster.kubeconfig };
      const pulumi = await newTestStack(join(folder, String(run)), "configMaps", settings);
      figures.up.push(await seconds(() => pulumi.run(["up", "--yes", "--skip-preview"])));
      figures.preview.push(await seconds(() => pulumi.run(["preview"])));
    }
  } finally {
    await kubectl("delete", "namespace", "--wait=false", ...namespaces);
    rmSync(folder, { recursive: true, force: true });
  }
  const medians = Object.entries(figures).map(([name, values]) => [name, median(values)]);
  return { count, ...(Object.fromEntries(medians) as Record<Contest, number>) };
}

const configMaps = (namespace: string) =>
  Array.from({ length: count }, (_, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `settings-${index}`, namespace },
    data: { index: String(index) },
  }));

function writeManifests(folder: string, namespace: string): string {
  const file = join(folder, `${namespace}.json`);
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: configMaps(namespace) }));
  return file;
}

async function createAll(provider: InstalledProvider, namespace: string): Promise<void> {
  const waiting = configMaps(namespace);
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await provider.create("kubernetes:core/v1:ConfigMap", next.metadata.name, next);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
