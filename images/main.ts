/** `npm run images`: the images of the demo and of operations, and pushing them to a registry. */

import { parseArgs } from "node:util";
import type { V1Node } from "@kubernetes/client-node";
import { buildDemoImages } from "../demo/image.ts";
import { buildOperationsImage } from "../operations/image.ts";
import { useContext } from "../tools/cluster/index.ts";
import { ToolError } from "../tools/errors.ts";
import { imagesDir } from "../tools/paths.ts";
import type { BuiltImage } from "./build.ts";
import { credentialsFor } from "./credentials.ts";
import { readBlobs } from "./layout.ts";
import { architecture } from "./oci.ts";
import { nameOf, writePushed } from "./pushed.ts";
import { parsePlace, Registry } from "./registry.ts";

const usage = `npm run images                                        build them; print archives and references
npm run images -- --push REGISTRY [--context NAME]    push them, and let drills on that context use them`;

export async function imagesCommand(argv: string[]): Promise<number> {
  const { push, context } = parse(argv);
  const place = push === undefined ? undefined : parsePlace(push);
  if (context !== undefined) await mustSuit(context);
  const { current, previous } = await buildDemoImages(imagesDir);
  const operations = await buildOperationsImage(imagesDir);
  const images = [current, previous, operations];
  if (push === undefined || place === undefined) {
    for (const { reference, version, archive } of images) console.log(`${reference}  ${version}  ${archive}`);
    return 0;
  }
  const references = await pushAll(images, new Registry(place, credentialsFor(place.host)));
  console.log(`\nA stack verifies its updates with:\n  pulumi config set --path verification.image ${references.at(-1)}`);
  if (context !== undefined) {
    writePushed(context, { registry: push, references });
    console.log(`Drills on that cluster use them:\n  npm run drill -- --context ${context}`);
  }
  return 0;
}

async function pushAll(images: readonly BuiltImage[], registry: Registry): Promise<string[]> {
  const references: string[] = [];
  for (const { archive, digest, reference: local } of images) {
    const reference = await registry.push(nameOf(local), digest, await readBlobs(archive));
    console.log(`✔ ${reference}`);
    references.push(reference);
  }
  return references;
}

function parse(argv: string[]): { push?: string | undefined; context?: string | undefined } {
  try {
    const { values } = parseArgs({ args: argv, options: { push: { type: "string" }, context: { type: "string" } } });
    if (values.context !== undefined && values.push === undefined)
      throw new Error("--context is for images that are pushed: --push is missing");
    return values;
  } catch (error) {
    throw new ToolError(`${(error as Error).message}\n\n${usage}`, 2);
  }
}

/** Images are made of this machine's own Node: a node of another architecture cannot run them. */
async function mustSuit(context: string): Promise<void> {
  const cluster = await useContext(context);
  const { KubeConfig, KubernetesObjectApi } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const nodes = (await KubernetesObjectApi.makeApiClient(config).list<V1Node>("v1", "Node")).items;
  const others = nodes.filter(({ status }) => status?.nodeInfo?.architecture !== architecture);
  if (nodes.length === 0 || others.length < nodes.length) return;
  const names = others.map(({ metadata, status }) => `${metadata?.name} (${status?.nodeInfo?.architecture})`).join(", ");
  throw new ToolError(`The images are for ${architecture}, as this machine, and context ${context} has no such node: ${names}`);
}
