import type { Socket } from "node:net";
import { ToolError } from "../errors.ts";

/**
 * What a cluster is made of: `node`, the project's own Kubernetes node in namespaces of its own; `simulated`, the same control
 * plane with kwok's pretended node (nothing runs, no traffic); `context`, the person's own cluster, named by its kubeconfig context.
 */
export type ClusterKind = "node" | "simulated" | "context";

export interface Cluster {
  name: string;
  kind: ClusterKind;
  /** Path of a kubeconfig (mode 600) whose only context is `context`. */
  kubeconfig: string;
  context: string;
  /**
   * Opens a TCP connection to `host:port` as it is seen from inside the cluster: a service or pod address, or `name.namespace.svc`.
   * Throws a ClusterError where the name has no address, nothing listens there, or (`simulated`) there is no traffic at all.
   */
  dial(host: string, port: number): Promise<Socket>;
}

export interface StartOptions {
  /** Lower-case letters, digits and dashes, at most 30; several clusters may run at once. Default "default". */
  name?: string;
  /** Use kwok's simulated node: needs neither root nor cgroups. Default: a real node. */
  simulated?: boolean;
  /** The API server's port on 127.0.0.1. Default: the one it had last time if that is free, else any free one. */
  port?: number;
  /** Called with one short line a step. */
  report?: (line: string) => void;
}

export interface ComponentStatus {
  name: string;
  /** Process id as this machine sees it. */
  pid: number;
  /** Resident memory in bytes; what processes share is divided among them. */
  memory: number;
}

export interface ClusterStatus {
  name: string;
  /** `stopped`: nothing of it is left. `down`: its files are there and its processes are not; `start` brings it back. */
  state: "running" | "starting" | "down" | "stopped";
  kind?: ClusterKind;
  kubeconfig?: string;
  /** Why a `starting` cluster is not `running`. */
  waitingFor?: string;
  components: ComponentStatus[];
  /** Resident memory in bytes of every process of the cluster, pods included, each page counted once. */
  memory: number;
}

/** A cluster could not do what was asked; the message says what is wrong, where, and what mends it. */
export class ClusterError extends ToolError {}
