import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { descendantsOf, isAlive, type ProcessEntry } from "../../../tools/cluster/processes.ts";
import { autonamedConfigMap, configMap, type Declared, deployment, waitsFor } from "./objects.ts";
import { newSimulatedCluster, type SimulatedCluster } from "./simulatedCluster.ts";
import { newStack, type TestStack } from "./stack.ts";

let on: SimulatedCluster;
let stack: TestStack;
beforeAll(async () => {
  on = await newSimulatedCluster();
  stack = await newStack("objects", on.proxy.kubeconfig, "plugin");
});
afterAll(async () => {
  stack?.close();
  await on?.close();
});

/** Like `deployment`, with a name that is left to Pulumi. */
function autonamedDeployment(name: string, spec: object): Declared {
  const { object } = deployment(name, spec);
  return { name, object: { ...object, metadata: { labels: { app: name } } } };
}

/** Starts an update, and interrupts it once these deployments are awaited. */
async function interrupted(interrupt: (pulumi: number) => void, ...awaited: string[]) {
  on.proxy.reset();
  const running = stack.pulumi("up", "--yes", "--skip-preview", ...stack.config());
  const ended = running.then(
    () => ({ all: "no error", exitCode: 0 }),
    (error: { all: string; exitCode: number }) => error,
  );
  const underWay = Promise.all(
    awaited.map((name) => on.proxy.saw(new RegExp(`deployments\\?fieldSelector=metadata.name=${name}.*watch=true`))),
  );
  await Promise.race([underWay, ended.then(({ all }) => Promise.reject(new Error(`it ended by itself: ${all}`)))]);
  interrupt(running.pid as number);
  return ended;
}

const namesInState = async (prefix: string) =>
  Object.keys(await stack.state())
    .filter((name) => name.startsWith(prefix))
    .sort();
const countOf = async (kind: string, app: string) => (await on.kubectl("get", kind, "-l", `app=${app}`, "-o", "name")).split("\n").length;
const groupOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[2];
const providerOf = (pulumi: number) =>
  descendantsOf(pulumi).find(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("kubernetes-provider/main.ts"));

describe("Ctrl-C while an object is awaited", () => {
  it.each([
    ["to pulumi alone", "alone", (pulumi: number) => [pulumi]],
    [
      "as a terminal sends it, to the engine and the program at once",
      "terminal",
      (pulumi: number) => [pulumi, ...descendantsOf(pulumi).flatMap(({ pid }) => (groupOf(pid) === groupOf(pulumi) ? [pid] : []))],
    ],
  ])("ends the wait, keeps what is there in the state, and the next update goes on: %s", async (_how, name, processes) => {
    const [done, awaited, after] = [`${name}-done`, `${name}-awaited`, `${name}-after`];
    stack.declare([
      autonamedConfigMap(done),
      { ...deployment(awaited, waitsFor(name)), dependsOn: [done] },
      { ...configMap(after), dependsOn: [awaited] },
    ]);
    const { all, exitCode } = await interrupted((pulumi) => {
      for (const pid of processes(pulumi)) process.kill(pid, "SIGINT");
    }, awaited);
    expect(exitCode).not.toBe(0);
    expect(all).toContain(`cancelled while waiting for Deployment default/${awaited} to become ready`);
    expect(await namesInState(name)).toEqual([awaited, done]);
    expect((await stack.state())[awaited]?.initErrors).toEqual([
      `cancelled while waiting for Deployment default/${awaited} to become ready`,
    ]);
    expect(await stack.pendingOperations()).toEqual([]);

    await on.labelTheNode(name);
    await stack.pulumi("up", "--yes", "--skip-preview", ...stack.config());
    expect(await namesInState(name)).toEqual([after, awaited, done]);
    expect(await countOf("configmap", done)).toBe(1);
    expect(await stack.steps()).toEqual({});
  });
});

describe("kill -9 while objects are created and awaited, then the next update", () => {
  it("of the provider: finds what was made, also under a name that Pulumi gave, and can change it", async () => {
    const both = (replicas: number) => [
      deployment("named", waitsFor("killed"), {}, replicas),
      autonamedDeployment("given", waitsFor("killed")),
    ];
    stack.declare(both(1));
    const { all } = await interrupted((pulumi) => process.kill(providerOf(pulumi)?.pid as number, "SIGKILL"), "named", "given-");
    expect(all).toMatch(/error: error reading from server: .*(EOF|connection reset by peer)/);
    expect(Object.keys(await stack.state())).not.toContain("named");
    await on.labelTheNode("killed");
    await stack.pulumi("up", "--yes", "--skip-preview", "--refresh", ...stack.config());
    expect([await countOf("deployment", "given"), Object.keys(await stack.state()).sort()]).toEqual([1, ["given", "named"]]);
    stack.declare(both(2));
    await stack.pulumi("up", "--yes", "--skip-preview", ...stack.config());
    expect(await on.kubectl("get", "deployment", "named", "-o", "jsonpath={.status.readyReplicas}")).toBe("2");
  });

  it("of the engine: takes `pulumi cancel` to unlock the stack, finds what was made, and warns of it until a refresh clears that", async () => {
    stack.declare([autonamedDeployment("orphan", waitsFor("engine"))]);
    let provider: ProcessEntry | undefined;
    await interrupted((pulumi) => {
      provider = providerOf(pulumi);
      process.kill(pulumi, "SIGKILL");
    }, "orphan-");
    await vi.waitFor(() => expect(provider && isAlive(provider)).toBe(false), { timeout: 10_000 });
    await on.labelTheNode("engine");
    expect(await stack.pendingOperations()).toEqual(["creating orphan"]);
    const again = () => stack.pulumi("up", "--yes", "--skip-preview", ...stack.config());
    expect((await again().catch((error) => error)).all).toContain("the stack is currently locked by 1 lock(s)");
    await stack.pulumi("cancel", "--yes");
    const { all } = await again();
    expect(all).toContain("interrupted while creating");
    expect(await countOf("deployment", "orphan")).toBe(1);
    await stack.pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates", ...stack.config());
    expect([await stack.pendingOperations(), Object.keys(await stack.state())]).toEqual([[], ["orphan"]]);
  });
});
