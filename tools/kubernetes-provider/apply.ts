import { ApiError, explain, InputError, UnknownKind } from "./errors.ts";
import { groupOf, type KindInfo, objectPath } from "./kinds.ts";
import { uniqueName } from "./naming.ts";
import { describe, type KubeObject, metadataOf, toServerKeys } from "./objects.ts";
import type { Runtime } from "./runtime.ts";
import { pause } from "./time.ts";
import { type Props, plain } from "./values.ts";

export interface ApplyOptions {
  fieldManager: string;
  /** Take fields from other managers. */
  force?: boolean;
  dryRun?: boolean;
}

export interface Applied {
  object: KubeObject;
  created: boolean;
  warnings: string[];
}

/** What the program declares earlier in the same run is waited for this long. */
const DECLARED_WAIT_MS = 60_000;

/** The object that a resource's inputs stand for. */
export function objectOf(inputs: Props): KubeObject {
  return toServerKeys(plain(inputs)) as unknown as KubeObject;
}

/** One server-side apply. */
export async function apply(runtime: Runtime, kind: KindInfo, object: KubeObject, options: ApplyOptions): Promise<Applied> {
  // Its scope was not known when the namespace was filled in.
  const { namespace, ...rest } = object.metadata;
  const sent = kind.namespaced ? object : { ...object, metadata: rest };
  const { status, body, warnings } = await runtime.client.request({
    method: "PATCH",
    path: objectPath(kind, namespace, object.metadata.name),
    query: {
      fieldManager: options.fieldManager,
      force: String(options.force === true),
      fieldValidation: "Warn",
      ...(options.dryRun && { dryRun: "All" }),
    },
    body: JSON.stringify(sent),
    contentType: "application/apply-patch+yaml",
  });
  return { object: body, created: status === 201, warnings };
}

/** Applies in earnest; a namespace or a kind that the same program declares may still be on its way. */
export async function applyWhenPossible(
  runtime: Runtime,
  object: KubeObject,
  options: ApplyOptions,
): Promise<Applied & { kind: KindInfo }> {
  const until = Date.now() + DECLARED_WAIT_MS;
  for (let attempt = 0; ; attempt++) {
    try {
      const kind = await runtime.client.kind(object.apiVersion, object.kind);
      return { ...(await apply(runtime, kind, object, options)), kind };
    } catch (error) {
      if (!isDeclared(runtime, object, error) || Date.now() > until) throw explainMissing(object, error);
      await pause(Math.min(50 * 2 ** attempt, 1000), runtime.cancelled);
    }
  }
}

function isDeclared(runtime: Runtime, object: KubeObject, error: unknown): boolean {
  if (error instanceof UnknownKind) return runtime.program.namespaced(groupOf(object.apiVersion), object.kind) !== undefined;
  return error instanceof ApiError && error.namespaceMissing && runtime.program.hasNamespace(object.metadata.namespace ?? "");
}

function explainMissing(object: KubeObject, error: unknown): Error {
  const what = describe(object);
  if (error instanceof UnknownKind) {
    return new InputError(`${what}: ${error.message}; install the CustomResourceDefinition that brings it, or correct apiVersion or kind`);
  }
  if (error instanceof ApiError && error.namespaceMissing) {
    const { namespace } = object.metadata;
    return new InputError(
      `${what}: namespace "${namespace}" does not exist; declare it in the program or create it (kubectl create namespace ${namespace})`,
    );
  }
  return explain(error, what);
}

/**
 * What a new object would look like. A replacement is previewed while the old object of that name is still there: fields that
 * cannot change are tried under a name that is free then.
 * @returns undefined where the server cannot tell yet (namespace or kind to come, a name that must be this one)
 */
export async function previewCreate(runtime: Runtime, inputs: Props, options: ApplyOptions): Promise<Applied | undefined> {
  const object = objectOf(inputs);
  try {
    const kind = await runtime.client.kind(object.apiVersion, object.kind);
    return await tryVariants(runtime, kind, object, { ...options, dryRun: true });
  } catch (error) {
    if (error instanceof UnknownKind || (error instanceof ApiError && error.namespaceMissing)) return undefined;
    throw explain(error, describe(object));
  }
}

async function tryVariants(runtime: Runtime, kind: KindInfo, object: KubeObject, options: ApplyOptions): Promise<Applied | undefined> {
  try {
    return await apply(runtime, kind, object, options);
  } catch (error) {
    if (!(error instanceof ApiError) || !error.immutable) throw error;
    const { name } = object.metadata;
    const metadata = { ...object.metadata, name: uniqueName(`${name.slice(0, 40).replace(/[^a-z0-9]+$/, "")}-`, new Uint8Array()) };
    const applied = await apply(runtime, kind, { ...object, metadata }, options).catch(undefinedIfBadName);
    return applied && { ...applied, object: { ...applied.object, metadata: { ...applied.object.metadata, name } } };
  }
}

/** Some kinds have no free names: a CustomResourceDefinition's follows from its group and plural. */
function undefinedIfBadName(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 422 && error.causes.some(({ field }) => field === "metadata.name")) return;
  throw error;
}

/** `pulumi.com/patchForce`, or the environment variable that sets it for all. */
export function isForced(inputs: Props): boolean {
  const annotations = metadataOf(plain(inputs)).annotations as Props | undefined;
  return annotations?.["pulumi.com/patchForce"] === "true" || process.env.PULUMI_K8S_ENABLE_PATCH_FORCE === "true";
}
