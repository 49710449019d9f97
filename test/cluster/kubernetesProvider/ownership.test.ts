import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configMap, deployment } from "./objects.ts";
import { newSimulatedCluster, type SimulatedCluster } from "./simulatedCluster.ts";
import { newStack, type TestStack } from "./stack.ts";

describe("an object that others touch", () => {
  let on: SimulatedCluster;
  let stack: TestStack;
  beforeAll(async () => {
    on = await newSimulatedCluster();
    stack = await newStack("objects", on.proxy.kubeconfig);
  });
  afterAll(async () => {
    stack?.close();
    await on?.close();
  });

  const up = (...args: string[]) => stack.pulumi("up", "--yes", "--skip-preview", ...args, ...stack.config());
  const failing = (run: Promise<{ all: string }>): Promise<string> =>
    run.then(
      () => "no error",
      (error) => error.all,
    );
  const dataOf = (name: string) => on.kubectl("get", "configmap", name, "-o", "jsonpath={.data.key}");

  describe("with a field that another manager owns", () => {
    const owned = 'ConfigMap default/shared: field manager "kubectl-edit" owns data.key.';
    const take = { annotations: { "pulumi.com/patchForce": "true" } };
    const mutable = ["-c", "kubernetes:enableConfigMapMutable=true"];

    it("names field and manager in the preview and in the update, and changes nothing", async () => {
      stack.declare([configMap("shared")]);
      await up(...mutable);
      await on.kubectl("patch", "configmap", "shared", "--field-manager=kubectl-edit", "-p", '{"data":{"key":"theirs"}}');
      stack.declare([configMap("shared", { key: "ours" })]);
      expect(await failing(stack.pulumi("preview", ...mutable, ...stack.config()))).toContain(owned);
      expect(await failing(up(...mutable))).toContain(owned);
      expect(await dataOf("shared")).toBe("theirs");
    });

    it("is taken where pulumi.com/patchForce says so, and then there is nothing to do", async () => {
      stack.declare([configMap("shared", { key: "ours" }, take)]);
      await up(...mutable);
      expect(await dataOf("shared")).toBe("ours");
      expect(await stack.steps({ "kubernetes:enableConfigMapMutable": "true" })).toEqual({});
    });
  });

  describe("that is there already when it is to be created", () => {
    it("is taken over with a warning where nobody else holds the fields that the program sets", async () => {
      await on.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "found" }, data: { theirs: "kept" } });
      stack.declare([configMap("found")]);
      const { all } = await up();
      expect(all).toContain(
        "warning: ConfigMap default/found was there already; this stack now manages the fields that it sets, and will delete it with the stack",
      );
      expect(await on.kubectl("get", "configmap", "found", "-o", "jsonpath={.data}")).toBe('{"key":"one","theirs":"kept"}');
    });

    it("is refused where it is different, in the preview already, with who holds the fields", async () => {
      await on.create(configMap("taken", { key: "theirs" }).object);
      stack.declare([configMap("found"), configMap("taken")]);
      const owned = 'ConfigMap default/taken: field manager "kubectl-create" owns data.key.';
      expect(await failing(stack.pulumi("preview", ...stack.config()))).toContain(owned);
      expect(await failing(up())).toContain(owned);
      expect(await dataOf("taken")).toBe("theirs");
      expect(Object.keys(await stack.state())).toEqual(["found"]);
    });
  });

  describe("that is deleted behind our back", () => {
    it("is created again by an update that changes it", async () => {
      stack.declare([deployment("web")]);
      await up();
      await on.kubectl("delete", "deployment", "web");
      stack.declare([deployment("web", {}, {}, 2)]);
      const { all } = await up();
      expect(all).toContain("warning: Deployment default/web had been deleted outside of Pulumi; it was created again");
      expect(await on.kubectl("get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}")).toBe("2");
    });

    it("is created again once a refresh has seen that it is gone", async () => {
      await on.kubectl("delete", "deployment", "web");
      const { all } = await up("--refresh");
      expect(all).toContain("+ 1 created");
      expect(await stack.steps()).toEqual({});
    });

    it("is made anew once it is gone, where its deletion is still under way", async () => {
      stack.declare([deployment("web", {}, {}, 2), configMap("held", { key: "one" }, { finalizers: ["example.com/hold"] })]);
      await up();
      const uid = await on.kubectl("get", "configmap", "held", "-o", "jsonpath={.metadata.uid}");
      await on.kubectl("delete", "configmap", "held", "--wait=false");
      stack.declare([
        deployment("web", {}, {}, 2),
        configMap("held", { key: "one" }, { labels: { tier: "gold" }, finalizers: ["example.com/hold"] }),
      ]);
      const updating = up();
      await on.proxy.saw(/configmaps\?fieldSelector=metadata.name=held&watch=true/);
      await on.kubectl("patch", "configmap", "held", "--type=json", "-p", '[{"op":"remove","path":"/metadata/finalizers"}]');
      expect((await updating).all).toContain(
        "warning: ConfigMap default/held is being deleted outside of Pulumi; it is created again once it is gone",
      );
      expect(await on.kubectl("get", "configmap", "held", "-o", "jsonpath={.metadata.uid} {.metadata.labels.tier}")).toMatch(
        new RegExp(`^(?!${uid}).+ gold$`),
      );
      await on.kubectl("patch", "configmap", "held", "--type=json", "-p", '[{"op":"remove","path":"/metadata/finalizers"}]');
    });

    it("ends the wait for it at once, and the next update makes it", async () => {
      stack.declare([deployment("web", { nodeSelector: { nowhere: "" } }, {}, 2)]);
      on.proxy.reset();
      const updating = failing(up());
      await on.proxy.saw(/deployments\?fieldSelector=metadata.name=web&watch=true/);
      await on.kubectl("delete", "deployment", "web");
      expect(await updating).toContain("Deployment default/web was deleted while it was awaited");
      stack.declare([deployment("web")]);
      await up();
      expect(await on.kubectl("get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}")).toBe("1");
    });

    it("is no obstacle to its own deletion", async () => {
      await on.kubectl("delete", "deployment", "web");
      const { all } = await stack.pulumi("destroy", "--yes", "--skip-preview", ...stack.config());
      expect(all).toMatch(/- \d+ deleted/);
      expect(await stack.state()).toEqual({});
    });
  });
});
