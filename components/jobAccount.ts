import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import type * as pulumi from "@pulumi/pulumi";

export interface JobAccountArgs {
  labels: Record<string, string>;
  /** Of the service account. */
  annotations?: Record<string, pulumi.Input<string>> | undefined;
  /** What it may do in its namespace, and nothing else. */
  rules: { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }[];
}

/** What a Job of a stack may ask the cluster: to see the pods of its namespace and their logs. */
export const readPods = { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list"] };

/** The service account of a Job that asks the API server, with its rights. Its token is mounted by the pods that ask for it alone. */
export function makeJobAccount(
  name: string,
  { labels, annotations, rules }: JobAccountArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const metadata = { name, labels };
  return [
    new ServiceAccount(name, { metadata: { ...metadata, annotations }, automountServiceAccountToken: false }, opts),
    new Role(name, { metadata, rules }, opts),
    new RoleBinding(
      name,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name }],
      },
      opts,
    ),
  ];
}
