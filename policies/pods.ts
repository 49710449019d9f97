import type { Field } from "./field.ts";
import type { Resource } from "./resourceRule.ts";

const templates: Record<string, readonly string[]> = {
  "kubernetes:core/v1:Pod": ["spec"],
  "kubernetes:core/v1:ReplicationController": ["spec", "template", "spec"],
  "kubernetes:apps/v1:Deployment": ["spec", "template", "spec"],
  "kubernetes:apps/v1:StatefulSet": ["spec", "template", "spec"],
  "kubernetes:apps/v1:DaemonSet": ["spec", "template", "spec"],
  "kubernetes:apps/v1:ReplicaSet": ["spec", "template", "spec"],
  "kubernetes:batch/v1:Job": ["spec", "template", "spec"],
  "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** The spec of the pods that a resource makes; none for any other resource. */
export function podsOf({ type, inputs }: Pick<Resource, "type" | "inputs">): Field[] {
  const path = templates[type];
  return path ? [inputs.at(...path)] : [];
}

/** Every container of a pod, those that start before it among them. */
export const containersOf = (pod: Field): Field[] => [...pod.at("initContainers").items(), ...pod.at("containers").items()];
