/** PostgreSQL and Redis beside the service, for plans with a database. */

import { randomBytes } from "node:crypto";
import { buildStoreImages } from "../demo/stores/image.ts";
import { backups, postgresql, redis, storeManifests, storeSecret, storeSecretManifest } from "../demo/stores/manifests.ts";
import { type Cluster, loadImage } from "../tools/cluster/index.ts";
import { nodeName } from "../tools/cluster/network.ts";
import { emptyLocalVolume, localVolumeFolder } from "../tools/cluster/volume.ts";
import { imagesDir } from "../tools/paths.ts";
import type { Kube } from "./kube.ts";

const startMs = 120_000;

/**
 * Both stores, ready, with what was in them before, and the claim for backups. Their passwords are made once for a namespace, and are nowhere but in its Secret.
 * The set-up part `stores` has to be there.
 */
export async function applyStores(kube: Kube, cluster: Cluster): Promise<{ images: { postgresql: string; redis: string } }> {
  const built = await buildStoreImages(imagesDir);
  for (const { archive } of Object.values(built)) await loadImage(cluster, archive);
  const images = { postgresql: built.postgresql.reference, redis: built.redis.reference };
  const { namespace } = kube;
  if (!(await kube.secretExists(storeSecret.name))) {
    await kube.apply([storeSecretManifest(namespace, { postgresql: password(), redis: password() })]);
  }
  await kube.apply(storeManifests({ namespace, images, volumes: await volumesFor(kube, cluster) }));
  for (const { name } of [postgresql, redis]) await kube.statefulSetReady(name, startMs);
  return { images };
}

/** Removes every backup: of databases that are no more. On the project's own node only. */
export async function forgetBackups(kube: Kube, cluster: Cluster): Promise<void> {
  emptyLocalVolume(cluster, await volumeName(kube, backups));
}

const password = (): string => randomBytes(24).toString("base64url");

/** On the project's own node, which makes no volumes by itself. */
async function volumesFor(kube: Kube, cluster: Cluster) {
  if (cluster.kind !== "node") return undefined;
  const volume = async (store: string) => {
    const name = await volumeName(kube, store);
    return { name, path: localVolumeFolder(cluster, name), node: nodeName };
  };
  return { postgresql: await volume(postgresql.name), redis: await volume(redis.name), backups: await volume(backups) };
}

/** Of this very namespace: one of the same name had other passwords. */
async function volumeName(kube: Kube, store: string): Promise<string> {
  return `${kube.namespace}-${store}-${(await kube.readNamespace())?.metadata?.uid?.slice(0, 8)}`;
}
