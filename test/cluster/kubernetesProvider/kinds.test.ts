import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newStack, type TestStack } from "./stack.ts";
import { newTestCluster, type TestCluster } from "./testCluster.ts";

describe("on the real engine, every kind that stacks use", () => {
  let on: TestCluster;
  let stack: TestStack;
  const namespace = "kinds";
  const values = (changed: boolean) => ({ namespace, image: on.image, changed: String(changed) });
  const settings = (changed: boolean) => stack.config(values(changed));
  const steps = (changed: boolean) => stack.steps(values(changed));

  beforeAll(async () => {
    on = await newTestCluster();
    stack = await newStack("kinds", on.cluster.kubeconfig);
  });
  afterAll(async () => {
    stack.close();
    await on.close();
  });

  it("previews without touching the server", async () => {
    expect(Object.values(await steps(false))).toEqual(Array(21).fill("create"));
    expect(await on.kubectl("get", "namespaces", "-o", "name")).not.toContain(namespace);
  });

  it("is created, and then there is nothing to do", async () => {
    const { all } = await stack.pulumi("up", "--yes", "--skip-preview", ...settings(false));
    expect(all).toContain("+ 21 created");
    expect(await steps(false)).toEqual({});
  });

  it("keeps no secret in the clear", async () => {
    const { stdout } = await stack.pulumi("stack", "export");
    expect(stdout).not.toMatch(/s3cret-one|czNjcmV0LW9uZQ==/);
  });

  it("previews each change as the official provider does, and shows the replacements on which that one fails", async () => {
    expect(await steps(true)).toEqual({
      ns: "update, add metadata.labels",
      mutable: "replace, update-replace data.key",
      autonamed: "replace, update-replace data.key",
      immutable: "replace, update-replace data.key",
      secret: "replace, update-replace data.token",
      role: "update, add rules[0].verbs[1]",
      binding: "replace, update-replace roleRef.name",
      deployment: "update, add metadata.annotations, update spec.replicas, update spec.template.spec.containers[0].env[0].value",
      stateful: "replace, update-replace spec.serviceName",
      daemon: "update, add spec.template.spec.priority",
      job: "replace, add-replace spec.template.spec.containers[0].env",
      cron: "update, update spec.schedule",
      service: "update, update spec.ports[0].port, update spec.selector.app",
      pod: "replace, add-replace spec.containers[0].env",
      budget: "update, update spec.minAvailable",
      autoscaler: "update, update spec.maxReplicas",
      network: "update, add spec.policyTypes[1]",
      widget: "update, update spec.size",
    });
  });

  it("is changed, what cannot change in place by replacement", async () => {
    const { all } = await stack.pulumi("up", "--yes", "--skip-preview", ...settings(true));
    expect(all).toMatch(/~ 10 updated\s+\+-8 replaced/);
    expect(await on.kubectl("get", "rolebinding", "binding", "-n", namespace, "-o", "jsonpath={.roleRef.name}")).toBe("other");
    expect(await steps(true)).toEqual({});
  });

  it("is created again where someone deleted it, once a refresh has seen that", async () => {
    await on.kubectl("delete", "networkpolicy/network", "-n", namespace);
    const { all } = await stack.pulumi("up", "--yes", "--skip-preview", "--refresh", ...settings(true));
    expect(all).toMatch(/\+ 1 created/);
    expect(await on.kubectl("get", "networkpolicy", "-n", namespace, "-o", "name")).toBe("networkpolicy.networking.k8s.io/network");
  });

  it("names who holds a field that it would change, in the preview already, and leaves it alone", async () => {
    await on.kubectl("scale", "deployment/deployment", "-n", namespace, "--replicas=3");
    await on.kubectl("rollout", "status", "deployment/deployment", "-n", namespace);
    const { all } = await stack.pulumi("preview", "--refresh", ...settings(true)).catch((error) => error);
    expect(all).toContain('Deployment kinds/deployment: field manager "kubectl" owns spec.replicas.');
  });

  it("is deleted with all that it owns", async () => {
    await stack.pulumi("destroy", "--yes", "--skip-preview", ...settings(true));
    expect(await on.kubectl("get", "namespaces,customresourcedefinitions", "-o", "name")).not.toMatch(/kinds|widgets/);
  });
});
