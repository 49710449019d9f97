/** `verify.mjs <file>`: runs the probes of a JSON file from inside the cluster, as the pod's service account. Exits with 1 where one fails. */

import { readFileSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import type { VerificationOrder } from "../../components/verificationOrder.ts";
import { ClusterPods } from "../../probes/clusterPods.ts";
import { verify } from "./verify.ts";

// The first process of a container ignores signals that it does not handle.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(1));

const [, , file = ""] = process.argv;
const order = JSON.parse(readFileSync(file, "utf8")) as VerificationOrder;
const config = new KubeConfig();
config.loadFromCluster();
const [context] = config.getContexts();
const pods = new ClusterPods(config, context?.namespace ?? "default");
process.exitCode = (await verify(order, pods, (line) => console.log(line))) ? 0 : 1;
