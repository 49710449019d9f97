import type { FieldTree, KubeObject, ManagedFields } from "./objects.ts";
import type { Step } from "./paths.ts";

/** Controllers that fill in objects; what they own is nobody's input. */
const CONTROLLERS = new Set(["kube-controller-manager", "kube-scheduler", "kubelet", "kube-apiserver", "cloud-controller-manager"]);

export function managedBy(object: KubeObject, manager: string): FieldTree | undefined {
  return object.metadata.managedFields?.find((entry) => entry.manager === manager && entry.operation === "Apply" && !entry.subresource)
    ?.fieldsV1;
}

/** Whether a set of managed fields holds the value at this path of the object, or anything below it. */
export function holds(tree: FieldTree | undefined, object: unknown, path: readonly Step[]): boolean {
  let node = tree;
  let value = object;
  for (const step of path) {
    if (!node) return false;
    // An empty node is a leaf: the manager holds the value as a whole.
    if (Object.keys(node).length === 0) return true;
    const next: unknown = (value as Record<Step, unknown> | undefined)?.[step];
    // The server keeps another order than the inputs: it cannot be told, so it counts as held.
    if (typeof step === "number" && next === undefined) return true;
    node = typeof step === "string" ? node[`f:${step}`] : itemNode(node, next);
    value = next;
  }
  return node !== undefined;
}

function itemNode(node: FieldTree, item: unknown): FieldTree | undefined {
  for (const [key, child] of Object.entries(node)) {
    if (isItem(key, item)) return child;
  }
  return undefined;
}

function isItem(key: string, item: unknown): boolean {
  if (key.startsWith("v:")) return JSON.stringify(item) === key.slice(2);
  if (!key.startsWith("k:")) return false;
  const identity = JSON.parse(key.slice(2)) as Record<string, unknown>;
  return Object.entries(identity).every(([field, value]) => (item as Record<string, unknown> | undefined)?.[field] === value);
}

/** Managers other than `manager` that hold the path. */
export function otherHolders(object: KubeObject, manager: string, path: readonly Step[]): string[] {
  const others = (object.metadata.managedFields ?? []).filter((entry) => entry.manager !== manager && entry.subresource !== "status");
  return others.filter((entry) => holds(entry.fieldsV1, object, path)).map((entry) => entry.manager);
}

/**
 * The part of a live object that people and programs set (as against what the server and its controllers filled in): the inputs
 * of an import. Everything, where the server keeps no record.
 */
export function authored(object: KubeObject): Record<string, unknown> {
  const entries = (object.metadata.managedFields ?? []).filter(isAuthor);
  const trees = entries.flatMap((entry) => (entry.fieldsV1 ? [entry.fieldsV1] : []));
  const { status: _, ...rest } = object;
  const taken = trees.length > 0 ? (take(rest, trees) as Record<string, unknown>) : rest;
  const metadata = { ...(taken.metadata as Record<string, unknown> | undefined) };
  delete metadata.managedFields;
  metadata.name = object.metadata.name;
  if (object.metadata.namespace) metadata.namespace = object.metadata.namespace;
  return { ...taken, apiVersion: object.apiVersion, kind: object.kind, metadata };
}

function isAuthor(entry: ManagedFields): boolean {
  return entry.subresource !== "status" && !CONTROLLERS.has(entry.manager);
}

function take(value: unknown, trees: FieldTree[]): unknown {
  if (trees.some((tree) => Object.keys(tree).every((key) => key === "."))) {
    if (trees.every((tree) => Object.keys(tree).length === 0) || typeof value !== "object") return value;
  }
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const below = trees.flatMap((tree) => itemNode(tree, item) ?? []);
      return below.length > 0 ? [take(item, below)] : [];
    });
  }
  if (typeof value !== "object" || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const below = trees.flatMap((tree) => tree[`f:${key}`] ?? []);
    if (below.length > 0) result[key] = take(item, below);
  }
  return result;
}
