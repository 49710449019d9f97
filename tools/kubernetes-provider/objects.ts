import { isProps, type Props, type Value } from "./values.ts";

/** A Kubernetes object as the API server speaks it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { uid: string; kind: string; name: string; controller?: boolean }[];
  managedFields?: ManagedFields[];
  [field: string]: unknown;
}

export interface ManagedFields {
  manager: string;
  operation: "Apply" | "Update";
  subresource?: string;
  fieldsV1?: FieldTree;
}

export interface FieldTree {
  [step: string]: FieldTree;
}

/** `namespace/name`, or the name alone for cluster-scoped kinds: the official provider's ids. */
export function idOf(object: KubeObject): string {
  return object.metadata.namespace ? `${object.metadata.namespace}/${object.metadata.name}` : object.metadata.name;
}

export function parseId(id: string): { namespace?: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** How messages name an object: `Deployment shop/web`. */
export function describe(object: { kind: string; metadata: { name: string; namespace?: string } }): string {
  return `${object.kind} ${object.metadata.namespace ? `${object.metadata.namespace}/` : ""}${object.metadata.name}`;
}

export function metadataOf(inputs: Props): Props {
  return isProps(inputs.metadata) ? inputs.metadata : {};
}

export function annotation(inputs: Props, name: string): string | undefined {
  const annotations = metadataOf(inputs).annotations;
  const value = isProps(annotations) ? annotations[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

export function isTrue(inputs: Props, name: string): boolean {
  return annotation(inputs, name) === "true";
}

export function withMetadata(inputs: Props, changes: Record<string, Value | undefined>): Props {
  const metadata: Props = { ...metadataOf(inputs) };
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete metadata[key];
    else metadata[key] = value;
  }
  return { ...inputs, metadata };
}

/** The JSON schema extensions of a CRD are spelled with underscores in Pulumi's SDKs and with dashes in Kubernetes. */
const EXTENSIONS = [
  "embedded_resource",
  "int_or_string",
  "list_map_keys",
  "list_type",
  "map_type",
  "preserve_unknown_fields",
  "validations",
].map((name) => `x_kubernetes_${name}`);
const toDash = new Map(EXTENSIONS.map((name) => [name, name.replaceAll("_", "-")]));
const toUnderscore = new Map(EXTENSIONS.map((name) => [name.replaceAll("_", "-"), name]));

export function toServerKeys(value: Value): Value {
  return renameKeys(value, toDash);
}

export function toPulumiKeys(value: Value): Value {
  return renameKeys(value, toUnderscore);
}

function renameKeys(value: Value, names: Map<string, string>): Value {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, names));
  if (!isProps(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [names.get(key) ?? key, renameKeys(item, names)]));
}
