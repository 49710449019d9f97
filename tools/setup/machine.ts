import { spawnSync } from "node:child_process";
import { missingForNode } from "../cluster/requirements.ts";
import type { PartName } from "./part.ts";

/** What every Pulumi operation on a cluster needs; enough where the cluster is the person's own. */
export const contextParts: readonly PartName[] = ["pulumi", "language-host", "kubernetes-provider", "policies", "rollback-command"];
/** That, and what the one-node cluster needs. */
export const nodeParts: readonly PartName[] = [...contextParts, "debian", "etcd", "kubernetes", "coredns", "kubectl"];
/** That, and what the cluster with a pretended node needs; no root. */
export const simulatedParts: readonly PartName[] = [...contextParts, "etcd", "kubernetes", "kwok", "kubectl"];

/** What a Gateway on the node needs besides; only where one is asked for. */
export const gatewayParts: readonly PartName[] = ["traefik", "gateway-api"];

/** What a database and a cache on the node need besides; only for plans that have them. */
export const storeParts: readonly PartName[] = ["stores"];

/** Why this machine cannot run a node even when everything is installed, or undefined when it can. */
export function whyNoNode(): string | undefined {
  const lacking = missingForNode().filter((reason) => !/^the (program|CNI plugins) /.test(reason));
  if (lacking.length > 0) return `a node cannot run here, it lacks ${lacking.join("; ")}`;
  const { status } = spawnSync("unshare", ["--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "true"], { stdio: "ignore" });
  return status === 0 ? undefined : "a node cannot run here: the machine refuses it namespaces of its own (`unshare` failed)";
}
