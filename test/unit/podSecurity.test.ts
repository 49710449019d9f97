import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, it } from "vitest";
import { checkLevers } from "../../components/levers/check.ts";
import type { Plan } from "../../components/plan/plan.ts";
import { RollbackPlan } from "../../components/rollbackPlan.ts";
import { loadPlan, systems } from "../../drill/systems.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

const image = `registry.example/app@sha256:${"a".repeat(64)}`;

// biome-ignore lint/suspicious/noExplicitAny: inputs are whatever was registered
type PodSpec = any;

/** Pod specs by the name of what makes the pods. */
let pods: Map<string, PodSpec>;

beforeEach(async () => {
  pods = new Map();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (/:(Deployment|Job)$/.test(type)) pods.set(name, inputs.spec.template.spec);
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "rollback-stacks",
    "security-test",
  );
});

async function podsOf(plan: Plan, levers: Record<string, unknown>): Promise<Map<string, PodSpec>> {
  const credentials = Object.fromEntries(
    Object.entries(plan.providers.known).map(([name, { credentials: names }]) => [
      name,
      Object.fromEntries(Object.keys(names).map((key) => [key, "a credential"])),
    ]),
  );
  const { aiProvider } = plan.before;
  const common = {
    system: plan.system,
    aiProvider,
    stable: { image },
    canary: { image, weight: 25 },
    credentials,
    verification: { image },
  };
  new RollbackPlan(plan.system, { plan, levers: checkLevers(plan, { ...common, ...levers }, "s"), last: undefined });
  await waitForRPCs();
  return pods;
}

/** https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, as far as these pods could break it. */
function breaches(pod: PodSpec): string[] {
  const security = pod.securityContext ?? {};
  const volumeKinds = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];
  const podRules: [string, boolean][] = [
    ["runAsNonRoot", security.runAsNonRoot === true],
    ["runAsUser is not root", security.runAsUser !== 0],
    ["seccompProfile", ["RuntimeDefault", "Localhost"].includes(security.seccompProfile?.type)],
    ["no namespaces of the host", !pod.hostNetwork && !pod.hostPID && !pod.hostIPC],
    [
      "volumes",
      (pod.volumes ?? []).every((volume: object) => Object.keys(volume).every((key) => key === "name" || volumeKinds.includes(key))),
    ],
  ];
  const containerRules = [...(pod.initContainers ?? []), ...pod.containers].flatMap((container: PodSpec): [string, boolean][] => {
    const own = container.securityContext ?? {};
    return [
      ["allowPrivilegeEscalation", own.allowPrivilegeEscalation === false],
      ["capabilities", JSON.stringify(own.capabilities?.drop) === '["ALL"]' && !own.capabilities?.add],
      ["privileged", !own.privileged],
      ["hostPort", (container.ports ?? []).every((port: { hostPort?: number }) => port.hostPort === undefined)],
    ];
  });
  return [...podRules, ...containerRules].flatMap(([rule, kept]) => (kept ? [] : [rule]));
}

it.each(systems())(
  "every pod of %s is admitted by the Pod Security Standards' restricted level, and cannot write to its own image",
  async (system) => {
    const plan = await loadPlan(system);
    const found = new Map(await podsOf(plan, {}));
    if (plan.maintenance) {
      for (const [name, pod] of await podsOf(plan, { maintenance: true })) found.set(name, pod);
    }
    expect(found.size).toBeGreaterThan(1);
    expect([...found].flatMap(([name, pod]) => breaches(pod).map((rule) => `${name}: ${rule}`))).toEqual([]);
    for (const pod of found.values()) {
      for (const { securityContext } of pod.containers) expect(securityContext.readOnlyRootFilesystem).toBe(true);
    }
  },
);

it("only the verification, which reads pods and logs, is given a token of the API server", async () => {
  const found = await podsOf(await loadPlan("mindmend"), {});
  const withToken = [...found].filter(([, { automountServiceAccountToken }]) => automountServiceAccountToken !== false);
  expect(withToken.map(([name]) => name)).toEqual(["mindmend-verification"]);
});

it.each([
  ["the folders that the plan says it writes to", ["/tmp", "/app/.next/cache"]],
  ["nothing at all, and has no volume then, where the plan says none", []],
])("a service can write to %s", async (_, writableFolders) => {
  const plan = await loadPlan("mindmend");
  const found = await podsOf({ ...plan, service: { ...plan.service, writableFolders } }, {});
  const { volumes, containers } = found.get("mindmend-backend");
  expect(volumes).toEqual(writableFolders.map((_, index) => ({ name: `writable-${index + 1}`, emptyDir: {} })));
  expect(containers[0].volumeMounts).toEqual(writableFolders.map((mountPath, index) => ({ name: `writable-${index + 1}`, mountPath })));
});
