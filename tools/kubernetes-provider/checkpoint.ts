import { authored } from "./fields.ts";
import { builtInKind } from "./kinds.ts";
import { lastApplied } from "./lastApplied.ts";
import { annotation, type KubeObject, toPulumiKeys } from "./objects.ts";
import { isProps, markSecrets, type Props, plain, unknown, type Value } from "./values.ts";

const FIELD_MANAGER = "__fieldManager";
const INITIAL_API_VERSION = "__initialApiVersion";
const INPUTS = "__inputs";

/** What state keeps of an object beside the live object itself. */
export interface Checkpoint {
  inputs: Props;
  fieldManager: string;
  initialApiVersion: string;
}

/** Outputs in the official provider's shape: the live object, and what made it under three reserved names. */
export function outputs(live: KubeObject, { inputs, fieldManager, initialApiVersion }: Checkpoint): Props {
  const object = dropNulls(toPulumiKeys(live as unknown as Value)) as Props;
  return {
    ...markSecrets(object, inputs),
    [FIELD_MANAGER]: fieldManager,
    [INITIAL_API_VERSION]: initialApiVersion,
    [INPUTS]: markSecrets(inputs, {}),
  };
}

/** What a preview can promise: the server's dry run, less what a real run will choose anew. */
export function previewOutputs(live: KubeObject, checkpoint: Checkpoint, isNew: boolean): Props {
  const { status, ...rest } = live;
  const result = outputs((isNew ? rest : live) as KubeObject, checkpoint);
  const metadata = isProps(result.metadata) ? { ...result.metadata } : {};
  delete metadata.managedFields;
  metadata.resourceVersion = unknown;
  if (isNew) for (const name of ["uid", "creationTimestamp"]) metadata[name] = unknown;
  const spec =
    isNew && live.kind === "Service" && isProps(result.spec) ? withUnknownAddresses(result.spec, checkpoint.inputs) : result.spec;
  return spec === undefined ? { ...result, metadata } : { ...result, metadata, spec };
}

function withUnknownAddresses(spec: Props, inputs: Props): Props {
  const given = isProps(inputs.spec) ? inputs.spec : {};
  const chosen = ["clusterIP", "clusterIPs"].filter(
    (name) => spec[name] !== undefined && given[name] === undefined && spec.clusterIP !== "None",
  );
  return { ...spec, ...Object.fromEntries(chosen.map((name) => [name, unknown])) };
}

/** Reads what `outputs` wrote, or the official provider. */
export function readCheckpoint(state: Props): Checkpoint & { live: KubeObject } {
  const { [INPUTS]: inputs, [FIELD_MANAGER]: fieldManager, [INITIAL_API_VERSION]: initial, ...live } = state;
  const object = plain(live) as unknown as KubeObject;
  const named = isProps(inputs) ? annotation(plain(inputs), "pulumi.com/patchFieldManager") : undefined;
  return {
    inputs: isProps(inputs) ? inputs : {},
    fieldManager: named ?? (typeof fieldManager === "string" ? fieldManager : ""),
    initialApiVersion: typeof initial === "string" ? initial : String(object.apiVersion ?? ""),
    live: object,
  };
}

/** The live values of what the inputs set: inputs after a refresh, so that drift shows as a change back. */
export function liveInputs(live: KubeObject, inputs: Props): Props {
  const object = toPulumiKeys(live as unknown as Value) as Props;
  const like = Object.keys(inputs).length > 0 ? plain(inputs) : lastApplied(live);
  if (!like) return dropNulls(authored(live) as Props) as Props;
  return shaped(object, like, builtInKind(live.apiVersion, live.kind) !== undefined) as Props;
}

/** @param omitsEmpty whether the server leaves out what is empty, as it does for Kubernetes' own kinds */
function shaped(live: Value, like: Value, omitsEmpty: boolean): Value {
  if (isProps(live) && isProps(like)) {
    const result: Props = {};
    for (const [key, item] of Object.entries(like)) {
      const value = live[key];
      if (value !== undefined && value !== null) result[key] = shaped(value, item, omitsEmpty);
      else if (omitsEmpty && isEmpty(item)) result[key] = item;
    }
    return result;
  }
  if (Array.isArray(live) && Array.isArray(like)) {
    return live.map((item, index) => (index < like.length ? shaped(item, like[index] as Value, omitsEmpty) : item));
  }
  return live;
}

function isEmpty(value: Value): boolean {
  if (isProps(value)) return Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false || (Array.isArray(value) && value.length === 0);
}

function dropNulls(value: Value): Value {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (!isProps(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null || item === undefined ? [] : [[key, dropNulls(item)]])),
  );
}
