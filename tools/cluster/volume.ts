import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { layoutOf } from "./layout.ts";
import { inside } from "./namespaces.ts";
import type { Cluster } from "./types.ts";

/**
 * A folder for a PersistentVolume of the type `local` on the project's own node: what is in it outlives pods and restarts of the
 * node, and goes with the cluster. Returns its path as the node has it.
 */
export function localVolumeFolder(cluster: Cluster, name: string): string {
  mkdirSync(folderHere(cluster, name), { recursive: true });
  return join(inside, "data", "volumes", name);
}

/** Removes what is in such a folder; the folder stays, as a pod may have it mounted. */
export function emptyLocalVolume(cluster: Cluster, name: string): void {
  const folder = folderHere(cluster, name);
  for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true });
}

const folderHere = (cluster: Cluster, name: string): string => join(layoutOf(cluster.name).data, "volumes", name);
