import { ApiError } from "./errors.ts";
import { builtInKind, type KindInfo, objectPath } from "./kinds.ts";
import { annotation, type KubeObject } from "./objects.ts";
import type { Runtime } from "./runtime.ts";
import type { Props } from "./values.ts";

/** The answer to a deletion where the object was gone at once. */
export interface DeleteStatus {
  kind: "Status";
}

/**
 * Deletes an object with what it owns, as `pulumi.com/deletionPropagationPolicy` says: `foreground` (the default: what it owns goes
 * first), `background` (what it owns goes some time later) or `orphan` (what it owns stays).
 * @returns the object where it is still there
 */
export async function deleteObject(
  runtime: Runtime,
  kind: KindInfo,
  { apiVersion, metadata }: KubeObject,
  inputs: Props,
): Promise<KubeObject | DeleteStatus> {
  const path = objectPath(kind, metadata.namespace, metadata.name);
  const send = async (propagationPolicy: string, preconditions?: { resourceVersion?: string }) => {
    const options = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy, preconditions };
    return (await runtime.client.request<KubeObject | DeleteStatus>({ method: "DELETE", path, body: JSON.stringify(options) })).body;
  };
  const asked = annotation(inputs, "pulumi.com/deletionPropagationPolicy")?.toLowerCase();
  if (asked === "orphan") return send("Orphan");
  if (asked === "background") return send("Background");
  if (asked === "foreground" || builtInKind(apiVersion, kind.kind)) return send("Foreground");
  const { body: live } = await runtime.client.request({ method: "GET", path });
  if (!isUntouched(live)) return send("Foreground");
  try {
    return await send("Background", { resourceVersion: live.metadata.resourceVersion });
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return send("Foreground");
    throw error;
  }
}

/**
 * Whether nobody but Pulumi ever wrote to the object. It has no dependents then: what makes them is a controller, which leaves its
 * status or a finalizer. The garbage collector looks for new kinds every 30 s only, and a foreground deletion waits for it that long.
 */
function isUntouched({ metadata, status }: KubeObject): boolean {
  const managers = metadata.managedFields ?? [];
  const isOurs =
    managers.length > 0 && managers.every(({ manager, operation }) => operation === "Apply" && manager.startsWith("pulumi-kubernetes-"));
  return isOurs && status === undefined && (metadata.finalizers ?? []).length === 0;
}
