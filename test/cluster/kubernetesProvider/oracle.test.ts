import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";
import { engineRun } from "./engineRun.ts";
import { loadRecordedImages } from "./oracle/images.ts";
import { exportedObjects, official, revealed, type StateResource, shapeOf, withRecorded } from "./oracle/state.ts";
import { newStack, type Steps, type TestStack } from "./stack.ts";
import { newTestCluster, type TestCluster } from "./testCluster.ts";

const recordedPreviews: Record<string, Steps> = JSON.parse(readFileSync(new URL("oracle/previews.json", import.meta.url), "utf8"));

describe("beside what the official provider was recorded to do", () => {
  let on: TestCluster;
  let stack: TestStack;
  const kubeconfig = process.env.KUBECONFIG;

  beforeAll(async () => {
    on = await newTestCluster();
    // As in the recording: the provider has no settings of its own.
    process.env.KUBECONFIG = on.cluster.kubeconfig;
    stack = await newStack("oracle");
    await loadRecordedImages(on.cluster, stack.folder);
  });
  afterAll(async () => {
    if (kubeconfig === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = kubeconfig;
    stack?.close();
    await on?.close();
  });

  const up = (variant: string) => stack.pulumi("up", "--yes", "--skip-preview", ...stack.config({ variant }));

  /** Puts an object on the server as the official provider does: its inputs, by the field manager that its state names. */
  const putAsRecorded = async (name: string, { outputs = {} }: { outputs?: Props }): Promise<void> => {
    const file = join(stack.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(revealed(outputs.__inputs ?? {})));
    await on.kubectl("apply", "--server-side", "--field-manager", String(outputs.__fieldManager), "-f", file);
  };

  it("its state is imported with nothing to do, and a refresh finds nothing", async () => {
    for (const [name, resource] of official) {
      await putAsRecorded(name, resource);
      if (name === "widgets") await on.kubectl("wait", "--for=condition=Established", "crd/widgets.example.com");
    }
    for (const what of ["deployment/deployment", "statefulset/stateful", "daemonset/daemon"]) {
      await on.kubectl("rollout", "status", what, "--namespace", "oracle");
    }
    await on.kubectl("wait", "--for=condition=Complete", "job/job", "--namespace", "oracle");
    const file = join(stack.folder, "state.json");
    writeFileSync(file, withRecorded((await stack.pulumi("stack", "export")).stdout));
    await stack.pulumi("stack", "import", "--file", file);
    expect(await stack.steps({ variant: "base" })).toEqual({});
    const refresh = await engineRun(stack, "preview", "--refresh", ...stack.config({ variant: "base" }));
    expect(refresh.succeeded).toBe(true);
    for (const name of official.keys())
      expect({ name, ...refresh.of(name) }).toEqual({ name, ops: ["refresh", "same"], paths: {}, errors: [] });
  });

  // On `roleRef`, `statefulService` and `podEnv` the official preview fails after this step: it tries the replacement under the
  // name that the old object still has.
  it.each(Object.entries(recordedPreviews))("from its state, the preview of %s is the same", async (variant, steps) => {
    expect(await stack.steps({ variant })).toEqual(steps);
  });

  it("its resources are changed and replaced, under the field managers that its state names", async () => {
    await up("deploymentEnv");
    const of = (what: string, path: string) =>
      on.kubectl("get", what, "--namespace", "oracle", "--show-managed-fields", "-o", `jsonpath=${path}`);
    expect(await of("deployment/deployment", "{.spec.template.spec.containers[0].env[0].value}")).toBe("openai");
    const managers = await of("deployment/deployment", '{.metadata.managedFields[?(@.operation=="Apply")].manager}');
    expect(managers).toBe(official.get("deployment")?.outputs?.__fieldManager);
    const { all } = await up("statefulService");
    expect(all).toMatch(/~ 1 updated\s+\+-1 replaced/);
    expect(await stack.steps({ variant: "statefulService" })).toEqual({});
  });

  it("what it made is deleted", async () => {
    await stack.pulumi("destroy", "--yes", "--skip-preview", ...stack.config({ variant: "base" }));
    expect(await on.kubectl("get", "namespaces,customresourcedefinitions", "-o", "name")).not.toMatch(/oracle|widgets/);
  });

  describe("the state of the same program, made from nothing, has the same", () => {
    let ours: typeof official;
    beforeAll(async () => {
      await up("base");
      ours = exportedObjects((await stack.pulumi("stack", "export", "--show-secrets")).stdout);
    });

    it("resources", () => expect([...ours.keys()].sort()).toEqual([...official.keys()].sort()));
    it.each([...official])("inputs of %s", (name, { inputs = {} }) => {
      const anyName = (text: string) => text.replace(/"autonamed-[0-9a-f]{8}"/g, '"autonamed"');
      expect(anyName(JSON.stringify(ours.get(name)?.inputs, null, 1))).toBe(anyName(JSON.stringify(inputs, null, 1)));
    });
    it.each([...official])("shape of %s", (name, resource) => {
      expect(shapeOf(ours.get(name) as StateResource)).toEqual(shapeOf(resource));
    });
  });
});
