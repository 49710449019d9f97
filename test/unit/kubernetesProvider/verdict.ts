import type { Awaiter, View } from "../../../tools/kubernetes-provider/await/awaiter.ts";
import { awaiterOf } from "../../../tools/kubernetes-provider/await/registry.ts";
import type { KubeObject } from "../../../tools/kubernetes-provider/objects.ts";

export type Fields = Record<string, unknown>;

const API_VERSIONS: Record<string, string> = {
  APIService: "apiregistration.k8s.io/v1",
  CustomResourceDefinition: "apiextensions.k8s.io/v1",
  DaemonSet: "apps/v1",
  Deployment: "apps/v1",
  Gateway: "gateway.networking.k8s.io/v1",
  HTTPRoute: "gateway.networking.k8s.io/v1",
  Ingress: "networking.k8s.io/v1",
  Job: "batch/v1",
  PodDisruptionBudget: "policy/v1",
  ReplicaSet: "apps/v1",
  StatefulSet: "apps/v1",
  Widget: "example.com/v1",
};

export function object(kind: string, fields: Fields, metadata: Fields = {}): KubeObject {
  return {
    apiVersion: API_VERSIONS[kind] ?? "v1",
    kind,
    metadata: { name: "thing", namespace: "shop", uid: "uid", generation: 2, ...metadata },
    ...fields,
  };
}

/** The verdict in one line. */
export function verdict(of: KubeObject, view: Partial<View> = {}, awaiter: Awaiter | undefined = awaiterOf(of)): string {
  const empty = { related: {}, listed: new Set<string>(), denied: new Set<string>(), pods: [], events: [], elapsedMs: 0 };
  const found = awaiter?.assess({ ...empty, object: of, logs: () => undefined, ...view });
  if (!found) return "nothing to wait for";
  if (found.state === "ready") return ["ready", ...(found.warning ? [found.warning] : [])].join(": ");
  return [found.state, ...(found.state === "waiting" ? [found.progress] : []), ...found.causes].join(": ");
}

/** What the watches of an awaiter found. */
export function found(related: Record<string, unknown[]>): Partial<View> {
  return { related: related as Record<string, KubeObject[]>, listed: new Set(Object.keys(related)) };
}

export function pod(name: string, status: Fields, metadata: Fields = {}) {
  const labels = { app: "thing" };
  return { metadata: { name, uid: name, namespace: "shop", labels, ownerReferences: [{ uid: "set" }], ...metadata }, status } as never;
}

export const readyPod = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
