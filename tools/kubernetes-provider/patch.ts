import { apply } from "./apply.ts";
import { ApiError, explain, InputError } from "./errors.ts";
import { objectPath } from "./kinds.ts";
import { describe, type KubeObject, metadataOf } from "./objects.ts";
import type { Runtime } from "./runtime.ts";
import type { Props } from "./values.ts";

/**
 * Whether a resource only sets fields of an object that something else owns (the type `ConfigMapPatch` of a `ConfigMap`). Custom kinds
 * may be called so, too.
 */
export function isPatch(type: string, kind: unknown): boolean {
  return type.split(":").at(-1) === `${kind}Patch`;
}

/** @throws InputError where a patch does not say which object it is for */
export function requireName(inputs: Props): void {
  if (metadataOf(inputs).name) return;
  throw new InputError(
    `metadata.name is missing: a ${inputs.kind}Patch sets fields of a ${inputs.kind} that is there already, and has to name it`,
  );
}

/** @throws InputError where there is no object to patch: applying would create half of one */
export async function requireTarget(runtime: Runtime, object: KubeObject): Promise<void> {
  if (await readTarget(runtime, object)) return;
  const what = describe(object);
  throw new InputError(
    `${what} does not exist, so no field of it can be set; make the ${object.kind}Patch depend on what creates it, or declare a ${object.kind} instead`,
  );
}

/** Stops managing the fields that a patch set; those that nobody else manages go back to their defaults. */
export async function giveBack(runtime: Runtime, object: KubeObject, fieldManager: string): Promise<void> {
  const live = await readTarget(runtime, object);
  if (!live) return;
  const kind = await runtime.client.kind(object.apiVersion, object.kind);
  const { name, namespace, uid } = live.metadata;
  // With its uid an object that is gone meanwhile is not created anew.
  const nothing = { apiVersion: object.apiVersion, kind: object.kind, metadata: { name, namespace, uid } };
  await apply(runtime, kind, nothing, { fieldManager });
}

async function readTarget({ client }: Runtime, object: KubeObject): Promise<KubeObject | undefined> {
  const { apiVersion, kind, metadata } = object;
  try {
    const path = objectPath(await client.kind(apiVersion, kind), metadata.namespace, metadata.name);
    return (await client.request({ method: "GET", path })).body;
  } catch (error) {
    if (error instanceof ApiError && error.notFound) return undefined;
    throw explain(error, describe(object));
  }
}
