import { readFileSync } from "node:fs";
import { isProps, type Props, type Value } from "../../../../tools/kubernetes-provider/values.ts";

/** A resource of a stack's export. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Props;
  outputs?: Props;
  parent?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  additionalSecretOutputs?: string[];
}

interface Export {
  deployment: { resources: StateResource[] };
}

/** Signature and kind of a secret in an export. */
const [SIGNATURE, SECRET] = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"];

/** The resources of the official provider's state as recorded, their secrets in the clear, as if they were of the stack `test`. */
const recorded: StateResource[] = JSON.parse(
  readFileSync(new URL("state.json", import.meta.url), "utf8")
    .replaceAll("urn:pulumi:o::", "urn:pulumi:test::")
    .replaceAll("oracle-o", "oracle-test"),
);

/** The Kubernetes objects of the official provider's state, by name. */
export const official = objectsOf(recorded);

/** The export of an empty stack, filled with the official provider's state. */
export function withRecorded(exported: string): string {
  const whole = JSON.parse(exported) as Export;
  return JSON.stringify({ ...whole, deployment: { ...whole.deployment, resources: recorded } });
}

/** The Kubernetes objects of a stack's export, by name. */
export function exportedObjects(exported: string): Map<string, StateResource> {
  return objectsOf((JSON.parse(exported) as Export).deployment.resources);
}

function nameOf({ urn }: StateResource): string {
  return urn.split("::").at(-1) ?? "";
}

function objectsOf(resources: StateResource[]): Map<string, StateResource> {
  return new Map(resources.filter(({ type }) => type.startsWith("kubernetes:")).map((resource) => [nameOf(resource), resource]));
}

/** A value with its secrets revealed. */
export function revealed(value: Value): Value {
  if (Array.isArray(value)) return value.map(revealed);
  if (!isProps(value)) return value;
  if (value[SIGNATURE] === SECRET) return JSON.parse(String(value.plaintext));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}

/**
 * What a resource's state looks like, whatever the values: its paths, with what is secret, and what ties it to others. How much of
 * its status the server had written by then is the server's affair.
 */
export function shapeOf(resource: StateResource): unknown {
  const { type, parent, dependencies = [], propertyDependencies, additionalSecretOutputs = [], inputs = {}, outputs = {} } = resource;
  return {
    ...{ type, parent, propertyDependencies, dependencies: dependencies.sort(), additionalSecretOutputs: additionalSecretOutputs.sort() },
    id: resource.id?.replace(/-[0-9a-f]{8}$/, "-########"),
    fieldManager: String(outputs.__fieldManager).replace(/[0-9a-f]{8}$/, "########"),
    inputs: pathsOf(inputs),
    outputs: pathsOf(withoutStatus(outputs)),
  };
}

function withoutStatus(outputs: Props): Props {
  const metadata = (outputs.metadata ?? {}) as { managedFields?: Props[] };
  const managedFields = metadata.managedFields?.filter(({ subresource }) => subresource !== "status");
  return { ...outputs, ...(outputs.status && { status: {} }), metadata: { ...metadata, ...(managedFields && { managedFields }) } as Props };
}

/** `spec.ports[].port: number`, sorted, each once. */
function pathsOf(value: Value, path = ""): string[] {
  if (isProps(value) && value[SIGNATURE] === SECRET) return [`${path}: secret`];
  if (Array.isArray(value)) return value.length === 0 ? [`${path}[]`] : unique(value.flatMap((item) => pathsOf(item, `${path}[]`)));
  if (!isProps(value)) return [`${path}: ${typeof value}`];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${path}{}`];
  return unique(entries.flatMap(([key, item]) => pathsOf(item, `${path}.${key.replace(/\d+(\.\d+){3}/, "<ip>")}`)));
}

function unique(paths: string[]): string[] {
  return [...new Set(paths)].sort();
}
