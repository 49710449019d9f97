/** The ground a drill stands on: which cluster, what of it is real, the demo's image and the stand-in providers on it. */

import { KubernetesObjectApi, type V1Node } from "@kubernetes/client-node";
import type { Plan } from "../components/plan/plan.ts";
import { buildDemoImages } from "../demo/image.ts";
import { standInManifests, standInName } from "../demo/manifests.ts";
import type { BuiltImage } from "../images/build.ts";
import { buildOperationsImage } from "../operations/image.ts";
import { loadImage, startCluster, useContext } from "../tools/cluster/index.ts";
import type { Cluster } from "../tools/cluster/types.ts";
import { imagesDir } from "../tools/paths.ts";
import { contextParts, nodeParts, type PartName, simulatedParts, whyNoNode } from "../tools/setup/index.ts";
import { type Kube, kubeConfig } from "./kube.ts";
import type { DrillOptions } from "./options.ts";
import type { Ground } from "./outcome.ts";
import type { StackChoices } from "./stack.ts";

/** The ground for what was asked, and the drill's first line: what is real on it. */
export function chooseGround({ context, simulated }: Pick<DrillOptions, "context" | "simulated">): { ground: Ground; reality: string } {
  if (context !== undefined) {
    return {
      ground: "context",
      reality: `Real: your cluster (context ${context}), Pulumi's engine, the pods and the traffic. Stand-in: the AI providers.`,
    };
  }
  const why = simulated ? "as asked" : whyNoNode();
  if (why !== undefined) {
    return {
      ground: "simulated",
      reality: `Simulated (${why}): the engine, the API server, levers, order and awaits are real; no pod runs and no request is sent.`,
    };
  }
  return {
    ground: "node",
    reality: "Real: a Kubernetes node on this machine, Pulumi's engine, the pods and the traffic. Stand-in: the AI providers.",
  };
}

/** Those of the levels that can be drilled on a ground: a drill sets a Gateway up on the project's own node only. */
export function onGround(plan: Plan, names: readonly string[], ground: Ground, named: boolean): string[] {
  const without = ground === "node" ? [] : names.filter((name) => plan.levels[name]?.traffic === "gateway");
  if (without.length === 0) return [...names];
  const why = `${without.join(", ")}: drilled through a Gateway, which a drill sets up on the project's own node only`;
  if (named) throw new Error(why);
  console.log(`Left out: ${why}.`);
  return names.filter((name) => !without.includes(name));
}

/** The parts of the toolchain that each ground needs. */
export const partsFor: Record<Ground, readonly PartName[]> = { node: nodeParts, context: contextParts, simulated: simulatedParts };

export function openCluster(ground: Ground, context: string | undefined, report: (line: string) => void): Promise<Cluster> {
  if (ground === "context" && context !== undefined) return useContext(context);
  return startCluster({ simulated: ground === "simulated", name: ground === "simulated" ? "simulated" : "default", report });
}

/** The demo's two releases and the operations image, resolvable by the cluster's nodes; their references. Nothing is built where no pod runs. */
export async function drillImages(cluster: Cluster): Promise<StackChoices["images"]> {
  if (cluster.kind === "simulated") {
    const reference = (digit: string) => `localhost/rollback-demo@sha256:${digit.repeat(64)}`;
    return { previous: reference("1"), current: reference("2") };
  }
  const { previous, current } = await buildDemoImages(imagesDir);
  const operations = await buildOperationsImage(imagesDir);
  if (cluster.kind === "node") for (const { archive } of [current, operations]) await loadImage(cluster, archive);
  else await mustHaveImages(cluster, [current, previous, operations]);
  return { previous: previous.reference, current: current.reference, operations: operations.reference };
}

/** A drill does not reach into another's nodes: the person loads the image. */
async function mustHaveImages(cluster: Cluster, images: readonly BuiltImage[]): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(kubeConfig(cluster));
  const nodes = (await api.list<V1Node>("v1", "Node")).items;
  const has = (node: V1Node, reference: string) => (node.status?.images ?? []).some((image) => image.names?.includes(reference));
  const missing = images.filter(({ reference }) => !nodes.every((node) => has(node, reference)));
  if (missing.length === 0) return;
  const without = nodes.filter((node) => !missing.every(({ reference }) => has(node, reference)));
  const names = without.map((node) => node.metadata?.name).join(", ");
  const archives = [...new Set(missing.map(({ archive }) => archive))];
  const ways = ["kind load image-archive", "minikube image load", "k3d image import", "ctr -n k8s.io images import"];
  throw new Error(
    `the drill's images are not on node ${names} of context ${cluster.context}. Load them, then drill again, for instance with one of:\n` +
      ways.map((way) => `  ${archives.map((archive) => `${way} ${archive}`).join(" && ")}`).join("\n"),
  );
}

/** The AI providers' stand-in beside the service. */
export async function applyStandIn(kube: Kube, image: string): Promise<void> {
  await kube.apply(standInManifests(kube.namespace, image));
  await kube.deploymentReady(standInName, 60_000);
}
