import { afterEach, describe, expect, it } from "vitest";
import { parseJsonPath } from "../../../tools/kubernetes-provider/await/jsonPath.ts";
import { waitFor } from "../../../tools/kubernetes-provider/await/waitFor.ts";
import { type FakeServer, fakeServer, json } from "./fakeServer.ts";
import { checked, configured, messageOf } from "./provider.ts";
import { object, verdict } from "./verdict.ts";

const widget = object("Widget", {
  status: {
    phase: "Running",
    ready: true,
    replicas: 3,
    nothing: null,
    "a.b": "dotted",
    conditions: [
      { type: "Ready", status: "True" },
      { type: "Synced", status: "False", reason: "Busy", message: "try later" },
      { type: "Old", status: "True", observedGeneration: 1 },
    ],
  },
});

describe("a JSONPath", () => {
  it.each<[string, unknown[]]>([
    ["{.status.phase}", ["Running"]],
    ["{ $.status.phase }", ["Running"]],
    ["{.status.a\\.b}", ["dotted"]],
    ["{['status']['a.b']}", ["dotted"]],
    ["{.status.conditions[0].type}", ["Ready"]],
    ["{.status.conditions[-1].type}", ["Old"]],
    ["{.status.conditions[9].type}", []],
    ["{.status.conditions[*].type}", ["Ready", "Synced", "Old"]],
    ['{.status.conditions[?(@.type=="Synced")].reason}', ["Busy"]],
    ["{.status.conditions[?@.reason].type}", ["Synced"]],
    ["{.status.conditions[?(@.type=='Ready' && @.status=='False' || @.type == 'Old')].type}", ["Old"]],
    ["{.status.conditions[?(@.observedGeneration >= 1)].type}", ["Old"]],
    ["{.status.conditions[?(@.status != 'True')].type}", ["Synced"]],
    ["{.nowhere.at.all}", []],
    ["{.status.nothing}", [null]],
    ["{}", [widget]],
  ])("%s selects %j", (path, values) => {
    expect(parseJsonPath(path)(widget)).toEqual(values);
  });

  it.each([
    ["{.status", "the path has to be in braces"],
    ["{status}", `expected a name such as .status, an index such as [0] or a filter such as [?(@.type=='Ready')] at "status"`],
    ["{.a[}", `expected a name such as .status, an index such as [0] or a filter such as [?(@.type=='Ready')] at "["`],
    ["{.a[?(@.b==c)]}", 'expected the end of the filter at "==c)]"'],
    ["{.a[?(b)]}", `expected a comparison such as @.type=='Ready' at "b)]"`],
  ])("%s is refused: %s", (path, message) => {
    expect(() => parseJsonPath(path)).toThrow(new Error(message));
  });
});

describe("pulumi.com/waitFor", () => {
  let server: FakeServer;
  afterEach(() => server?.close());

  it.each([
    ["jsonpath={.status.phase}=Running", "ready"],
    ["jsonpath={.status.ready}=true", "ready"],
    ["jsonpath={.status.replicas}=3", "ready"],
    ["jsonpath={.status.phase}", "ready"],
    ["jsonpath={.status.conditions}", "ready"],
    ["jsonpath={.status.phase}=Done", "waiting: waiting for {.status.phase}=Done: it is Running"],
    ["jsonpath={.status.url}", "waiting: waiting for {.status.url}: it is not there yet"],
    ["jsonpath={.status.conditions}=x", "failed: pulumi.com/waitFor: {.status.conditions} is a list, never x"],
    ['jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', "ready"],
    ["condition=Ready", "ready"],
    ["condition=ready=true", "ready"],
    ["condition=Synced=False", "ready"],
    ["condition=Synced", "waiting: waiting for condition Synced=True: it is False: Busy: try later"],
    ["condition=Missing", "waiting: waiting for condition Missing=True: no controller has reported it"],
    ["condition=Old", "waiting: waiting for its controller to see the change"],
    ['["condition=Ready", "jsonpath={.status.phase}=Running"]', "ready"],
    ['["condition=Ready", "condition=Synced"]', "waiting: waiting for condition Synced=True: it is False: Busy: try later"],
  ])("%s is %s", (annotation, expected) => {
    expect(verdict(widget, {}, waitFor(annotation))).toBe(expected);
  });

  it.each([
    ["{.status}", "it begins with neither jsonpath= nor condition="],
    ["jsonpath='{.status}'", "leave out the shell's quotes"],
    ["jsonpath=.status", "the path has to be in braces"],
    ["jsonpath={.status}=", "a value is missing after ="],
    ["jsonpath={.status}=a=b", "its value contains another ="],
    ["jsonpath={.status}={.spec}", "a path can be compared with a plain value only"],
    ["jsonpath={.status[?]}", `expected a comparison such as @.type=='Ready' at "]"`],
    ["condition=", "a condition's type, and a status after a second =, are missing"],
    ["[]", "the array has to hold one or more strings"],
    ["[1]", "the array has to hold one or more strings"],
  ])("%s is refused: %s", (annotation, why) => {
    expect(() => waitFor(annotation)).toThrow(
      `metadata.annotations["pulumi.com/waitFor"]: cannot wait for ${annotation}: ${why}; expected jsonpath={.path}, jsonpath={.path}=value, ` +
        "condition=Type, condition=Type=Status, or a JSON array of these",
    );
  });

  it("is refused at check where it is malformed, and waited for in place of what the kind waits for", async () => {
    server = await fakeServer((request, response, body) => {
      if (request.method === "PATCH") return json(response, 201, { ...JSON.parse(body), data: { done: "yes" } });
      json(response, 200, {});
    });
    const { provider } = await configured(server.kubeconfig);
    const awaiting = (expression: string) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", namespace: "shop", annotations: { "pulumi.com/waitFor": expression } },
    });
    expect(await messageOf(checked(provider, awaiting("ready")))).toMatch(/cannot wait for ready: it begins with neither/);
    const create = (expression: string) => provider.create({ urn: "urn", inputs: awaiting(expression), timeout: 0.2, preview: false });
    expect((await create("jsonpath={.data.done}=yes")).id).toBe("shop/c");
    expect(await messageOf(create("jsonpath={.data.done}=no"))).toBe(
      "ConfigMap shop/c was not ready within 0.2 s: waiting for {.data.done}=no; it is yes",
    );
  });
});
