import { ApiError, explain } from "./errors.ts";
import { managedBy } from "./fields.ts";
import { objectPath } from "./kinds.ts";
import { lastApplied } from "./lastApplied.ts";
import { describe, type FieldTree, type KubeObject, type ManagedFields } from "./objects.ts";
import type { Runtime } from "./runtime.ts";

/** Who may have managed an object before it was imported: kubectl, and this provider before it used server-side apply. */
const PREDECESSORS = /^(kubectl|before-first-apply)|^pulumi-(kubernetes|kubernetes\.exe|resource-kubernetes)$/;

/** Status changes of a busy object come between. */
const ATTEMPTS = 5;

/**
 * The predecessors' records in an object that its own manager has never applied. As the official provider does, the first update
 * takes their fields over: what the program sets is no conflict, and what leaves it leaves the object. That needs a record of what
 * was sent; one of a plain create or update holds the server's defaults too.
 */
export function predecessors(live: KubeObject, fieldManager: string): ManagedFields[] {
  if (managedBy(live, fieldManager)) return [];
  const wasApplied = lastApplied(live) !== undefined;
  return (live.metadata.managedFields ?? []).filter(
    ({ manager, operation, subresource }) => !subresource && PREDECESSORS.test(manager) && (operation === "Apply" || wasApplied),
  );
}

/** The fields that are the manager's: its own, or those that it will take over. */
export function heldBy(live: KubeObject, fieldManager: string): FieldTree | undefined {
  return managedBy(live, fieldManager) ?? union(predecessors(live, fieldManager));
}

/** Makes what predecessors hold the manager's. */
export async function takeOver(runtime: Runtime, old: KubeObject, fieldManager: string): Promise<void> {
  if (predecessors(old, fieldManager).length === 0) return;
  const kind = await runtime.client.kind(old.apiVersion, old.kind);
  const path = objectPath(kind, old.metadata.namespace, old.metadata.name);
  for (let attempt = 1; ; attempt++) {
    try {
      const { body: live } = await runtime.client.request({ method: "GET", path });
      const { resourceVersion } = live.metadata;
      // With that version, the server refuses it where the object has changed meanwhile.
      const body = JSON.stringify({ metadata: { resourceVersion, managedFields: inherited(live, fieldManager) } });
      await runtime.client.request({ method: "PATCH", path, body, contentType: "application/merge-patch+json" });
      return;
    } catch (error) {
      if (error instanceof ApiError && error.notFound) return;
      if (!(error instanceof ApiError) || error.status !== 409 || attempt === ATTEMPTS) throw explain(error, describe(old));
    }
  }
}

/** An object's managers with the predecessors' entries made one of their heir's. */
function inherited(live: KubeObject, fieldManager: string): ManagedFields[] | undefined {
  const taken = predecessors(live, fieldManager);
  const [first] = taken;
  if (!first) return live.metadata.managedFields;
  const rest = (live.metadata.managedFields ?? []).filter((entry) => !taken.includes(entry));
  return [...rest, { ...first, manager: fieldManager, operation: "Apply", fieldsV1: union(taken) }];
}

function union(entries: ManagedFields[]): FieldTree | undefined {
  const trees = entries.flatMap(({ fieldsV1 }) => fieldsV1 ?? []);
  return trees.length > 0 ? trees.reduce(merged) : undefined;
}

function merged(one: FieldTree, other: FieldTree): FieldTree {
  const result = { ...one };
  for (const [step, tree] of Object.entries(other)) result[step] = merged(result[step] ?? {}, tree);
  return result;
}
