/** On an API server, controllers and a scheduler that are real, and a node whose pods only pretend: what matters is where they find room. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { newSimulatedCluster, type SimulatedCluster } from "../kubernetesProvider/simulatedCluster.ts";
import { SimulatedSystem } from "./simulatedSystem.ts";

let cluster: SimulatedCluster;
let system: SimulatedSystem;
beforeAll(async () => {
  cluster = await newSimulatedCluster();
  system = await SimulatedSystem.make("mindmend", cluster);
});
afterAll(async () => {
  system?.remove();
  await cluster?.close();
});

/** How many pods the node takes. */
async function takes(pods: number): Promise<void> {
  const node = await cluster.kubectl("get", "nodes", "-o", "name");
  await cluster.kubectl(
    "patch",
    node,
    "--subresource=status",
    "--patch",
    JSON.stringify({ status: { allocatable: { pods: String(pods) } } }),
  );
}
const podsOfNode = async () => (await cluster.kubectl("get", "pods", "--all-namespaces", "-o", "name")).split("\n").length;
const serving = async () =>
  JSON.parse((await system.rollback("status", "--json")).stdout).tracks.map(
    ({ track, traffic, ready, provider }: Record<string, unknown>) => ({ track, traffic, ready, provider }),
  );

test("a cluster that is full: the cause is told within the level's time, the pods of before serve on, and the level that comes next needs none", async () => {
  const before = await serving();
  await takes(await podsOfNode());
  const startedAt = Date.now();
  const full = await system.rollback("to", "flag", "--yes", "--by", "ada", "--reason", "p95 3x");
  console.log(full.stderr, full.exitCode, (Date.now() - startedAt) / 1000, before);
  console.log((await system.rollback("status")).stdout);
  expect(await serving()).toEqual(before);
  const next = await system.rollback("to", "traffic", "--yes", "--by", "ada", "--reason", "p95 3x");
  console.log(next.stderr, next.stdout, next.exitCode);
  console.log((await system.rollback("status")).stdout);
});
