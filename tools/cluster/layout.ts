import { createHash } from "node:crypto";
import { join } from "node:path";
import { cacheRoot } from "../paths.ts";
import { ClusterError } from "./types.ts";

export const defaultName = "default";
export const clustersDir = join(cacheRoot, "clusters");

/** Where a cluster keeps its files; everything it ever writes is below `dir`, and `stop` removes `dir`. */
export interface Layout {
  name: string;
  dir: string;
  record: string;
  /** The process ids of a simulated cluster's parts, written by its supervisor. */
  parts: string;
  lock: string;
  kubeconfig: string;
  context: string;
  /** Unique on this machine, also among people and caches. */
  cgroup: string;
  config: string;
  logs: string;
  data: string;
}

/** Throws a ClusterError for a name that could not be part of a path, a host name and a cgroup. */
export function layoutOf(name: string): Layout {
  if (!/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/.test(name)) {
    throw new ClusterError(
      `"${name}" cannot name a cluster: use lower-case letters, digits and dashes, at most 30, e.g. --name ${defaultName}`,
    );
  }
  const dir = join(clustersDir, name);
  return {
    name,
    dir,
    record: join(dir, "cluster.json"),
    parts: join(dir, "parts.json"),
    lock: join(clustersDir, `${name}.lock`),
    kubeconfig: join(dir, "kubeconfig"),
    context: `rollback-stacks-${name}`,
    cgroup: `${name}-${createHash("sha256").update(dir).digest("hex").slice(0, 8)}`,
    config: join(dir, "config"),
    logs: join(dir, "logs"),
    data: join(dir, "data"),
  };
}
