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
/** Those that take room: what has run does not. */
const running = async () =>
  (await cluster.kubectl("get", "pods", "--all-namespaces", "--field-selector=status.phase=Running", "-o", "name")).split("\n").length;
const status = async () => JSON.parse((await system.rollback("status", "--json")).stdout);

test("a cluster that is full: the cause is told within the level's time, the pods of before serve on, and the level that comes next needs none", async () => {
  await takes(await running());
  const full = await system.rollback("to", "flag", "--yes", "--by", "ada", "--reason", "p95 3x");
  expect(full.exitCode).toBe(5);
  expect(full.stderr).toMatch(
    /^\s+\* Deployment mindmend\/mindmend-backend-canary was not ready within 30 s: .*; pod \S+ cannot be scheduled: 0\/1 nodes are available: 1 Too many pods\./m,
  );
  expect(full.stderr).toContain(
    "\nNot done: Deployment mindmend-backend-canary.\nThe levers in stacks/Pulumi.mindmend-test.yaml are those ",
  );
  expect(full.stderr).toContain("\nWhat to do next:\n  rollback to traffic --stack mindmend-test    Level 2: traffic shift\n");
  expect(await status()).toMatchObject({
    lastUpdate: { result: "failed" },
    levers: expect.arrayContaining([{ path: "aiProvider", now: "openai", verified: "gemini", differs: true }]),
    tracks: [
      { track: "stable", provider: "openai", ready: 4, wanted: 4, traffic: 100 },
      { track: "canary", provider: "gemini", ready: 1, wanted: 1, traffic: 0 },
    ],
    drift: expect.arrayContaining([
      { what: "deployment/mindmend-backend-canary", where: "env AI_PROVIDER", wanted: "gemini", found: "openai" },
    ]),
  });

  const next = await system.rollback("to", "traffic", "--yes", "--by", "ada", "--reason", "p95 3x");
  // Nobody answers in a pod that only pretends.
  expect(next.stderr).toMatch(/^rollback to traffic: carried out in .* not hold\.$/m);
  expect(await status()).toMatchObject({ lastUpdate: { result: "succeeded" }, drift: [], pending: [] });
});
