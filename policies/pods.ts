import type { ResourceValidationArgs } from "@pulumi/policy";

export interface Container {
  name: string;
  image: string;
}

/** The pod that a resource makes, and where it stands in it. */
export interface Pod {
  /** `spec.template.spec`. */
  path: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a program wrote; unknown values throw when they are read
  spec: any;
}

const templates: Record<string, string> = {
  "kubernetes:core/v1:Pod": "spec",
  "kubernetes:apps/v1:Deployment": "spec.template.spec",
  "kubernetes:apps/v1:StatefulSet": "spec.template.spec",
  "kubernetes:apps/v1:DaemonSet": "spec.template.spec",
  "kubernetes:apps/v1:ReplicaSet": "spec.template.spec",
  "kubernetes:batch/v1:Job": "spec.template.spec",
  "kubernetes:batch/v1:CronJob": "spec.jobTemplate.spec.template.spec",
};

/** The pod of a resource that makes pods; undefined for any other. */
export function podOf({ type, props }: Pick<ResourceValidationArgs, "type" | "props">): Pod | undefined {
  const path = templates[type];
  const spec = path?.split(".").reduce((holder, key) => holder?.[key], props);
  return path && spec ? { path, spec } : undefined;
}
