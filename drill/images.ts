/** The images that a drill's pods run, where its cluster's nodes find them. */

import { KubernetesObjectApi, type V1Node } from "@kubernetes/client-node";
import { buildDemoImages } from "../demo/image.ts";
import type { BuiltImage } from "../images/build.ts";
import { nameOf, type PushedImages, readPushed } from "../images/pushed.ts";
import { buildOperationsImage } from "../operations/image.ts";
import { loadImage } from "../tools/cluster/index.ts";
import type { Cluster } from "../tools/cluster/types.ts";
import { imagesDir } from "../tools/paths.ts";
import { kubeConfig } from "./kube.ts";
import type { StackChoices } from "./stack.ts";

/** The references of the demo's two releases and of the operations image. Nothing is built where no pod runs. */
export async function drillImages(cluster: Cluster): Promise<StackChoices["images"]> {
  if (cluster.kind === "simulated") {
    const reference = (digit: string) => `localhost/rollback-demo@sha256:${digit.repeat(64)}`;
    return { previous: reference("1"), current: reference("2"), operations: reference("3") };
  }
  const { previous, current } = await buildDemoImages(imagesDir);
  const operations = await buildOperationsImage(imagesDir);
  const images = [previous, current, operations];
  const [first = "", second = "", third] = await whereFound(cluster, images);
  return { previous: first, current: second, operations: third };
}

/** The images' references on this cluster. A drill does not reach into another's nodes: there the person has loaded or pushed them. */
async function whereFound(cluster: Cluster, images: readonly BuiltImage[]): Promise<string[]> {
  const local = images.map(({ reference }) => reference);
  if (cluster.kind === "node") {
    for (const archive of new Set(images.map(({ archive }) => archive))) await loadImage(cluster, archive);
    return local;
  }
  const pushed = readPushed(cluster.context);
  if (pushed) return pushedReferences(pushed, images, cluster.context);
  await mustHaveImages(cluster, images);
  return local;
}

/** Exported for its test. */
export function pushedReferences(
  { registry, references }: PushedImages,
  images: readonly Pick<BuiltImage, "digest" | "reference">[],
  context: string,
): string[] {
  return images.map(({ digest, reference }) => {
    const found = references.find((one) => one.endsWith(`/${nameOf(reference)}@${digest}`));
    if (found !== undefined) return found;
    throw new Error(
      `${nameOf(reference)} has changed since it was pushed to ${registry}. Push again, then drill again:\n` +
        `  npm run images -- --push ${registry} --context ${context}`,
    );
  });
}

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
    `the drill's images are not on node ${names} of context ${cluster.context}. Push them to a registry that its nodes reach:\n` +
      `  npm run images -- --push REGISTRY --context ${cluster.context}\nor load them, for instance with one of:\n` +
      ways.map((way) => `  ${archives.map((archive) => `${way} ${archive}`).join(" && ")}`).join("\n"),
  );
}
