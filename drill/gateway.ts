/** The Gateway that levels in gateway mode are drilled through. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAllYaml } from "@kubernetes/client-node";
import { gateway, gatewayManifests } from "../demo/gateway.ts";
import { buildCommandImage } from "../images/command.ts";
import { loadImage } from "../tools/cluster/index.ts";
import type { Cluster } from "../tools/cluster/types.ts";
import { binDir, imagesDir } from "../tools/paths.ts";
import { ensure, gatewayParts } from "../tools/setup/index.ts";
import { gatewayApiManifest } from "../tools/setup/parts/gateway-api.ts";
import type { Progress } from "../tools/setup/progress.ts";
import { versions } from "../tools/versions.ts";
import { Kube, kubeConfig } from "./kube.ts";

/** Sets the Gateway up on the project's node, or leaves the one that is there as it is; where it is reached. */
export async function openGateway(cluster: Cluster, progress: Progress): Promise<{ service: string; clusterIP: string; port: number }> {
  await ensure(gatewayParts, progress);
  const image = await buildCommandImage({ file: join(binDir, "traefik"), version: versions.traefik }, imagesDir);
  await loadImage(cluster, image.archive);
  const kube = new Kube(kubeConfig(cluster), gateway.namespace);
  await kube.apply(loadAllYaml(readFileSync(gatewayApiManifest, "utf8")));
  await kube.apply(gatewayManifests(image.reference));
  await kube.deploymentReady(gateway.service, 60_000);
  const { clusterIP, port } = await kube.service(gateway.service);
  return { service: gateway.service, clusterIP, port };
}
