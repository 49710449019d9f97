/** The Gateway that levels in gateway mode are drilled through. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAllYaml } from "@kubernetes/client-node";
import { gateway, gatewayManifests } from "../demo/gateway.ts";
import { buildCommandImage } from "../images/command.ts";
import { loadImage } from "../tools/cluster/index.ts";
import type { Cluster } from "../tools/cluster/types.ts";
import { binDir, imagesDir } from "../tools/paths.ts";
import { gatewayApiManifest } from "../tools/setup/parts/gateway-api.ts";
import { versions } from "../tools/versions.ts";
import { Kube, kubeConfig } from "./kube.ts";

/** A host for each system: on one Gateway they would take each other's requests. */
export const hostOf = (system: string): string => `${system}.drill.internal`;

/** The lever by which a stack can send its traffic through the Gateway; it does so in gateway mode. */
export function trafficFor(system: string): Record<string, unknown> {
  const { name, namespace } = gateway;
  return { gateway: { name, namespace }, hostnames: hostOf(system) };
}

/** Sets the Gateway up on the project's node, or leaves the one that is there as it is; where it is reached. */
export async function openGateway(cluster: Cluster): Promise<{ clusterIP: string; port: number }> {
  const image = await buildCommandImage({ file: join(binDir, "traefik"), version: versions.traefik }, imagesDir);
  await loadImage(cluster, image.archive);
  const kube = new Kube(kubeConfig(cluster), gateway.namespace);
  await kube.apply(loadAllYaml(readFileSync(gatewayApiManifest, "utf8")));
  await kube.apply(gatewayManifests(image.reference));
  await kube.deploymentReady(gateway.service, 60_000);
  return await kube.service(gateway.service);
}
