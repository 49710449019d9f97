import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { layoutOf } from "./layout.ts";
import { inside } from "./namespaces.ts";
import type { Cluster } from "./types.ts";

/**
 * A folder for a PersistentVolume of the type `local` on the project's own node: what is in it outlives pods and restarts of the
 * node, and goes with the cluster. Returns its path as the node has it.
 */
export function localVolumeFolder(cluster: Cluster, name: string): string {
  mkdirSync(join(layoutOf(cluster.name).data, "volumes", name), { recursive: true });
  return join(inside, "data", "volumes", name);
}
