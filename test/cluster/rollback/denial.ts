import { vi } from "vitest";
import type { SimulatedCluster } from "../kubernetesProvider/simulatedCluster.ts";

const policyName = "no-verification";

/** https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ */
const policy = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicy",
  metadata: { name: policyName },
  spec: {
    failurePolicy: "Fail",
    matchConstraints: { resourceRules: [{ apiGroups: ["batch"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["jobs"] }] },
    validations: [{ expression: "!object.metadata.name.contains('-verification')", message: "no release is verified now" }],
  },
};

const binding = (namespace: string) => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicyBinding",
  metadata: { name: namespace },
  spec: {
    policyName,
    validationActions: ["Deny"],
    matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } },
  },
});

const job = (namespace: string) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "any-verification", namespace },
  spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "probes", image: "none" }] } } },
});

const heeded = { timeout: 60_000, interval: 500 };

/** What {@link denyVerification} needs, once a cluster. */
export const learnDenial = (cluster: SimulatedCluster): Promise<string> => cluster.create(policy);

/** Keeps every update of a namespace from being verified: what it changes is changed, and it fails. An API server takes a moment to heed it. */
export async function denyVerification(cluster: SimulatedCluster, namespace: string): Promise<void> {
  await cluster.create(binding(namespace));
  await vi.waitFor(async () => {
    if (await takes(cluster, namespace)) throw new Error("the API server still takes verifications");
  }, heeded);
}

export async function allowVerification(cluster: SimulatedCluster, namespace: string): Promise<void> {
  await cluster.kubectl("delete", `validatingadmissionpolicybinding/${namespace}`);
  await vi.waitFor(async () => {
    if (!(await takes(cluster, namespace))) throw new Error("the API server still refuses verifications");
  }, heeded);
}

async function takes(cluster: SimulatedCluster, namespace: string): Promise<boolean> {
  const taken = await cluster.create(job(namespace)).then(
    () => true,
    () => false,
  );
  if (taken) await cluster.kubectl("delete", "job/any-verification", "--namespace", namespace);
  return taken;
}
