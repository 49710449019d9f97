import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FaultProxy, newFaultProxy } from "./faultProxy.ts";
import { answers, closesTheWatch, cutsTheAnswer, delays, historyExpired, stalls } from "./faults.ts";
import { autonamedConfigMap, configMap, deployment, waitsFor } from "./objects.ts";
import { newSimulatedCluster, type SimulatedCluster } from "./simulatedCluster.ts";
import { newStack, type TestStack } from "./stack.ts";

let on: SimulatedCluster;
let last: { stack: TestStack; proxy: FaultProxy; run: Promise<{ all: string }> };
beforeAll(async () => {
  on = await newSimulatedCluster();
  last = await goneForGood();
});
afterAll(async () => {
  last?.stack.close();
  await last?.proxy.close();
  await on?.close();
});

const upArgs = (stack: TestStack) => ["up", "--yes", "--skip-preview", ...stack.config()];

/** An update whose server leaves in the middle and stays away; it takes a minute, so it runs beside the other tests. */
async function goneForGood() {
  const proxy = await newFaultProxy(on.cluster.kubeconfig);
  const stack = await newStack("objects", proxy.kubeconfig);
  const metadata = { namespace: "leaving" };
  await on.kubectl("create", "namespace", metadata.namespace);
  stack.declare([
    configMap("before", {}, metadata),
    { ...deployment("meanwhile", { nodeSelector: { nowhere: "" } }, metadata), dependsOn: ["before"] },
    { ...configMap("after", {}, metadata), dependsOn: ["before"] },
  ]);
  proxy.rules.push({ on: /^PATCH .*\/after/, fault: async () => proxy.saw(/name=meanwhile&watch=true/).then(() => proxy.goAway()) });
  const run = stack.pulumi(...upArgs(stack)).then(
    () => ({ all: "no error" }),
    (error) => error,
  );
  return { stack, proxy, run };
}

describe("an API server that answers badly for a while", () => {
  let stack: TestStack;
  let proxy: FaultProxy;
  let output: string;
  const sent = (on: RegExp) => proxy.requests.filter((request) => on.test(request)).length;
  const patches = (name: string) => sent(new RegExp(`^PATCH .*/${name}[?]`));
  const watches = (name: string) => sent(new RegExp(`deployments\\?fieldSelector=metadata.name=${name}&watch=true`));
  const watchOf = (name: string) => new RegExp(`deployments\\?fieldSelector=metadata.name=${name}&watch=true`);

  // One update that meets every fault at once; each test looks at one of them.
  beforeAll(async () => {
    proxy = await newFaultProxy(on.cluster.kubeconfig);
    stack = await newStack("objects", proxy.kubeconfig);
    const patchOf = (name: string) => new RegExp(`^PATCH .*/${name}[?]`);
    proxy.rules.push(
      { on: patchOf("busy"), fault: answers(429, "too many requests", { "retry-after": "1" }), times: 2 },
      { on: patchOf("failing"), fault: answers(500, "etcdserver: leader changed"), times: 3 },
      { on: patchOf("unavailable"), fault: answers(503, "apiserver not ready"), times: 3 },
      { on: patchOf("slow"), fault: delays(3000), times: 1 },
      { on: patchOf("cut"), fault: cutsTheAnswer, times: 1 },
      { on: /^PATCH .*autonamed-/, fault: cutsTheAnswer, times: 1 },
      { on: watchOf("closed"), fault: closesTheWatch, times: 3 },
      { on: watchOf("expired"), fault: historyExpired, times: 1 },
      { on: watchOf("stalled"), fault: stalls, times: 1 },
    );
    stack.declare([
      ...["busy", "failing", "unavailable", "slow", "cut"].map((name) => configMap(name)),
      autonamedConfigMap("autonamed"),
      ...["closed", "expired", "stalled"].map((name) => deployment(name)),
    ]);
    output = (await stack.pulumi(...upArgs(stack))).all;
  });
  afterAll(async () => {
    stack?.close();
    await proxy?.close();
  });

  it("does not fail the update, and what was asked for is there once", async () => {
    expect(output).toContain("+ 10 created");
    const made = await on.kubectl("get", "configmaps,deployments", "-o", "name");
    expect(
      made
        .split("\n")
        .map((name) => name.replace(/-[0-9a-f]{8}$/, ""))
        .sort(),
    ).toEqual([
      ...["autonamed", "busy", "cut", "failing", "kube-root-ca.crt", "slow", "unavailable"].map((name) => `configmap/${name}`),
      ...["closed", "expired", "stalled"].map((name) => `deployment.apps/${name}`),
    ]);
    expect(await stack.steps()).toEqual({});
  });

  it.each([
    ["429, for as long as it asks for", "busy", 3],
    ["500", "failing", 4],
    ["503", "unavailable", 4],
    ["an answer that breaks off", "cut", 2],
    ["an answer that breaks off, where Pulumi gave the name", "autonamed-[0-9a-f]+", 2],
  ])("is asked again after %s", (_fault, name, times) => {
    expect(patches(name)).toBe(times);
  });

  it("is waited for when it is slow", () => expect(patches("slow")).toBe(1));

  it("is watched on after it closed the watch", () => expect(watches("closed")).toBeGreaterThanOrEqual(4));

  it.each(["expired", "stalled"])("is asked for a list when the watch %s", (name) => {
    expect(sent(new RegExp(`^GET .*deployments\\?fieldSelector=metadata.name=${name}$`))).toBe(1);
  });
});

describe("an API server that goes away", () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await newStack("objects", on.proxy.kubeconfig);
  });
  afterAll(() => stack?.close());

  it("and comes back while an object is created and another awaited: both end well, nothing is made twice", async () => {
    stack.declare([deployment("awaited", waitsFor("outage")), { ...autonamedConfigMap("made") }]);
    const gone = on.proxy.saw(/name=awaited&watch=true/).then(() => on.killApiServer());
    on.proxy.rules.push({ on: /^PATCH .*made-/, fault: ({ passOn }) => gone.then(passOn), times: 1 });
    const updating = stack.pulumi(...upArgs(stack));
    await gone;
    await on.labelTheNode("outage");
    expect((await updating).all).toContain("+ 3 created");
    expect((await on.kubectl("get", "configmap", "-l", "app=made", "-o", "name")).split("\n")).toHaveLength(1);
    expect(await stack.steps()).toEqual({});
  });

  it("and comes back while an object is deleted: it is gone, from the state too", async () => {
    on.proxy.reset();
    on.proxy.rules.push({
      on: /^DELETE .*made-/,
      fault: ({ response }) => {
        on.killApiServer();
        response.destroy();
      },
      times: 1,
    });
    await stack.pulumi("destroy", "--yes", "--skip-preview", ...stack.config());
    expect(on.proxy.requests.filter((request) => /^DELETE .*made-/.test(request)).length).toBeGreaterThanOrEqual(2);
    expect(await on.kubectl("get", "configmap", "-l", "app=made", "-o", "name")).toBe("");
    expect(await stack.state()).toEqual({});
  });

  it("and stays away: the update ends within bounds and says so, and the state holds what is there", async () => {
    const { all } = await last.run;
    const gone =
      /the Kubernetes API server at http:\/\/127\.0\.0\.1:\d+ \(context "proxy" of kubernetes:kubeconfig\) no longer answers: nothing listens there \(connection refused\)\. Start that cluster/;
    expect(all).toMatch(gone);
    expect(all).toMatch(new RegExp(`Deployment leaving/meanwhile was applied but could not be watched: ${gone.source}`));
    const state = await last.stack.state();
    expect(Object.keys(state).sort()).toEqual(["before", "meanwhile"]);
    expect(state.meanwhile?.initErrors).toEqual([expect.stringContaining("could not be watched")]);
  });

  it("and is not there when the next update begins: it says so at once, and how to start it", async () => {
    const { all } = await last.stack.pulumi("preview", ...last.stack.config()).catch((error) => error);
    expect(all).toMatch(
      /cannot be reached: nothing listens there \(connection refused\)\. Start that cluster \(this project's own: `npm run cluster -- start`\)/,
    );
  });
});
