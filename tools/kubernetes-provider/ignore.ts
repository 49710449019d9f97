import { ApiError, UnknownKind } from "./errors.ts";
import { holds, managedBy, otherHolders } from "./fields.ts";
import { objectPath } from "./kinds.ts";
import type { KubeObject } from "./objects.ts";
import { parsePath, type Step, valueAt } from "./paths.ts";
import type { Runtime } from "./runtime.ts";

/**
 * What `ignoreChanges` lists is left to whoever manages it on the server: a field that only others hold is not sent at all (sending
 * it would be a conflict with an autoscaler, say); one that is ours keeps its live value (not sending it would reset it).
 */
export async function keepIgnored(runtime: Runtime, object: KubeObject, fieldManager: string, ignore: string[]): Promise<KubeObject> {
  if (ignore.length === 0) return object;
  const live = await readLive(runtime, object);
  if (!live) return object;
  const result = structuredClone(object);
  for (const path of ignore.map(parsePath)) {
    const value = valueAt(live, path);
    if (valueAt(result, path) === undefined || value === undefined) continue;
    const ours = holds(managedBy(live, fieldManager), live, path);
    if (!ours && otherHolders(live, fieldManager, path).length > 0) remove(result, path);
    else set(result, path, value);
  }
  return result;
}

async function readLive(runtime: Runtime, object: KubeObject): Promise<KubeObject | undefined> {
  try {
    const kind = await runtime.client.kind(object.apiVersion, object.kind);
    const path = objectPath(kind, object.metadata.namespace, object.metadata.name);
    return (await runtime.client.request({ method: "GET", path })).body;
  } catch (error) {
    if (error instanceof UnknownKind || (error instanceof ApiError && error.notFound)) return undefined;
    throw error;
  }
}

function set(object: unknown, path: Step[], value: unknown): void {
  const parent = valueAt(object, path.slice(0, -1)) as Record<Step, unknown>;
  parent[path.at(-1) as Step] = value;
}

function remove(object: unknown, path: Step[]): void {
  const parent = valueAt(object, path.slice(0, -1)) as Record<Step, unknown>;
  delete parent[path.at(-1) as Step];
}
