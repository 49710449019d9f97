/**
 * `verify.mjs <file>`: runs the probes of a JSON file from inside the cluster, as the pod's service account, and asks the data of the
 * database that DATABASE_URL and DATABASE_PASSWORD_FILE lead to, and the cache of CACHE_URL and CACHE_PASSWORD_FILE. Exits with 1 where
 * something does not hold.
 */

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
const { DATABASE_URL: url, DATABASE_PASSWORD_FILE: passwordFile, CACHE_URL, CACHE_PASSWORD_FILE } = process.env;
// Loaded only where it is needed: it takes as long as a probe.
const server = url === undefined ? undefined : new (await import("../database/server.ts")).Server({ url, passwordFile });
const cache = CACHE_URL === undefined ? undefined : { url: CACHE_URL, passwordFile: CACHE_PASSWORD_FILE };
process.exitCode = (await verify(order, pods, (line) => console.log(line), { server, cache })) ? 0 : 1;
