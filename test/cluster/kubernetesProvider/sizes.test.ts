import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { descendantsOf } from "../../../tools/cluster/processes.ts";
import { KubernetesProvider } from "../../../tools/kubernetes-provider/provider.ts";
import { silent } from "../../../tools/kubernetes-provider/report.ts";
import { delays } from "./faults.ts";
import { configMap, type Declared, deployment } from "./objects.ts";
import { newSimulatedCluster, type SimulatedCluster } from "./simulatedCluster.ts";
import { newStack, type TestStack } from "./stack.ts";

const mebibyte = 1024 * 1024;
let on: SimulatedCluster;
beforeAll(async () => {
  on = await newSimulatedCluster();
});
afterAll(() => on?.close());

const up = (stack: TestStack, ...args: string[]) => stack.pulumi("up", "--yes", "--skip-preview", ...args, ...stack.config());

describe("an object", () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await newStack("objects", on.proxy.kubeconfig);
  });
  afterAll(() => stack?.close());

  it("of 1 MiB, the most a ConfigMap holds, is created and read back", async () => {
    stack.declare([configMap("full", { key: "x".repeat(mebibyte) })]);
    await up(stack);
    expect(await stack.steps()).toEqual({});
    expect((await on.kubectl("get", "configmap", "full", "-o", "jsonpath={.data.key}")).length).toBe(mebibyte);
  });

  // One a preview: the engine may end it with the first error.
  it.each([1, 4])("that is over the limit is refused in the preview already, with its size and the limit: %i MiB", async (mebibytes) => {
    stack.declare([configMap("over", { key: "x".repeat(mebibytes * mebibyte + 1) })]);
    const { all } = await stack.pulumi("preview", ...stack.config()).catch((error) => error);
    const [, bytes, limit] = /ConfigMap default\/over: it has (\d+) bytes, (.*?): /.exec(all) ?? [];
    expect(limit).toBe("more than the server takes (1 MiB of data in a ConfigMap or Secret, about 1.5 MiB for any other object)");
    expect(Math.floor(Number(bytes) / mebibyte)).toBe(mebibytes);
  });

  it("of any size stays in the state when it does not become ready", async () => {
    const versions = [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: largeSchema } }];
    const spec = { group: "faults.example.com", scope: "Namespaced", names: { plural: "wides", kind: "Wide" }, versions };
    const metadata = { name: "wides.faults.example.com" };
    stack.declare([{ name: "wides", object: { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata, spec } }]);
    on.proxy.rules.push({ on: /customresourcedefinitions\?.*watch=true/, fault: ({ response }) => response.writeHead(403).end() });
    const { all } = await up(stack).catch((error) => error);
    expect(all).toContain("CustomResourceDefinition wides.faults.example.com was applied but could not be watched");
    expect(Object.keys(await stack.state())).toContain("wides");
    on.proxy.reset();
  });

  it("with unusual, empty and absent values shows no change, after a refresh neither", async () => {
    stack.declare(unusual);
    await up(stack);
    expect(await stack.steps()).toEqual({});
    await stack.pulumi("refresh", "--yes", "--skip-preview", ...stack.config());
    expect(await stack.steps()).toEqual({});
    expect(JSON.parse(await on.kubectl("get", "configmap", "unusual", "-o", "jsonpath={.data}"))).toEqual(texts);
  });

  const properties = Object.fromEntries(
    Array.from({ length: 600 }, (_, index) => [`p${index}`, { type: "string", description: "d".repeat(400) }]),
  );
  const largeSchema = { type: "object", properties };
  const texts = {
    "key.with-all_signs": "snowman ☃, crab 🦀, ü, \u0000".replace("\u0000", ""),
    empty: "",
    lines: "one\n\ttwo\r\n",
    quotes: `"'\\\``,
  };
  const unusual: Declared[] = [
    configMap("unusual", texts, { labels: { empty: "" }, annotations: { "example.com/note": "日本語 🦀", "example.com/empty": "" } }),
    {
      name: "bare",
      object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "bare", labels: {}, annotations: {} }, data: {}, binaryData: {} },
    },
    deployment("bare-pods", {
      nodeSelector: {},
      volumes: [{ name: "scratch", emptyDir: {} }],
      securityContext: {},
      tolerations: [],
      initContainers: [],
      hostNetwork: false,
      containers: [
        {
          name: "main",
          image: "localhost/none:1",
          command: [],
          env: [{ name: "EMPTY", value: "" }],
          resources: { limits: {}, requests: { cpu: "0.1" } },
          securityContext: null,
          volumeMounts: [{ name: "scratch", mountPath: "/scratch", readOnly: false, subPath: "" }],
        },
      ],
    }),
    {
      name: "open",
      object: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "open" },
        spec: { podSelector: {}, ingress: [{}], egress: [] },
      },
    },
    { name: "no-rules", object: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "no-rules" }, rules: [] } },
  ];
});

describe("500 resources at once", () => {
  it("are created by a provider that stays small", async () => {
    const stack = await newStack("objects", on.proxy.kubeconfig, "plugin");
    try {
      on.proxy.reset();
      stack.declare(Array.from({ length: 500 }, (_, index) => configMap(`many-${index}`)));
      const running = up(stack, "--parallel", "500");
      let largest = 0;
      const sampling = setInterval(() => {
        largest = Math.max(largest, memoryOfProvider(running.pid as number));
      }, 100);
      const { all } = await running.finally(() => clearInterval(sampling));
      expect(all).toContain("+ 501 created");
      expect(on.proxy.requests.filter((request) => request.startsWith("PATCH"))).toHaveLength(500);
      console.log(`500 resources at once: the provider takes at most ${Math.round(largest / mebibyte)} MiB`);
      expect(largest).toBeGreaterThan(0);
      expect(largest).toBeLessThan(400 * mebibyte);
    } finally {
      stack.close();
    }
  });

  it("are at most 32 requests at once, however many the engine asks for", async () => {
    const provider = new KubernetesProvider(silent);
    await provider.configure({ kubeconfig: on.proxy.kubeconfig });
    on.proxy.reset();
    on.proxy.rules.push({ on: /^PATCH/, fault: delays(20) });
    const objects = Array.from({ length: 500 }, (_, index) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `wave-${index}`, namespace: "default" },
    }));
    await Promise.all(objects.map((inputs) => provider.create({ urn: "urn", inputs, timeout: 60, preview: false })));
    expect(on.proxy.mostAtOnce).toBe(32);
  });

  /** Resident bytes of the provider that this command started. */
  function memoryOfProvider(command: number): number {
    const children = descendantsOf(command);
    const providers = children.filter(({ pid }) => commandLineOf(pid).includes("kubernetes-provider/main.ts"));
    return Math.max(0, ...providers.map(({ memory }) => memory));
  }
});

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
