import { waitFor } from "./await/waitFor.ts";
import type { KubeClient } from "./client.ts";
import { InputError, UnknownKind } from "./errors.ts";
import { groupOf, parseToken } from "./kinds.ts";
import { type Autonaming, assignName } from "./naming.ts";
import { normalize } from "./normalize.ts";
import { annotation, metadataOf, withMetadata } from "./objects.ts";
import { isPatch, requireName } from "./patch.ts";
import { remember } from "./redact.ts";
import { type Program, type Runtime, seedOf } from "./runtime.ts";
import { isProps, markSecrets, type Props, plain, secretStrings } from "./values.ts";

export interface CheckRequest {
  urn: string;
  /** Type token, `kubernetes:apps/v1:Deployment`. */
  type: string;
  name: string;
  olds: Props;
  news: Props;
  seed: Uint8Array;
  autonaming?: Autonaming;
}

type Surroundings = Pick<Runtime, "identity" | "namespace" | "program"> & { client: Pick<KubeClient, "kind"> };

/** Inputs as they will be applied and kept in state: typed, normalized, named, in a namespace. */
export async function check(runtime: Surroundings, request: CheckRequest): Promise<Props> {
  remember(secretStrings(request.news));
  const typed = withType(plain(request.news), request.type);
  const awaited = annotation(typed, "pulumi.com/waitFor");
  // Malformed, it is refused here, before anything changes.
  if (awaited) waitFor(awaited);
  const old = Object.keys(request.olds).length > 0 ? plain(request.olds) : undefined;
  if (old) runtime.program.rememberName(request.urn, String(metadataOf(old).name));
  // The engine's seed is another one at every attempt (unless it carries out a saved plan).
  const seed = seedOf(runtime, request.urn, runtime.program.nameInState(request.urn)) ?? request.seed;
  const normalized = normalize(typed);
  const patches = isPatch(request.type, typed.kind);
  if (patches) requireName(normalized);
  const named = patches ? normalized : assignName(normalized, old, request.name, seed, request.autonaming);
  const inputs = await withNamespace(runtime, named);
  if (!patches) learn(runtime.program, inputs);
  return markSecrets(inputs, request.news);
}

function withType(inputs: Props, type: string): Props {
  const token = parseToken(type);
  if (!token || type.startsWith("kubernetes:helm.sh/"))
    throw new InputError(
      `${type} is no kind of Kubernetes but a feature which only the official Kubernetes provider (pulumi-resource-kubernetes) carries out`,
    );
  if (token.kind.endsWith("List") && Array.isArray(inputs.items)) {
    throw new InputError(`${type}: a list is not an object of the cluster; declare its items one by one`);
  }
  return { ...inputs, apiVersion: inputs.apiVersion ?? token.apiVersion, kind: inputs.kind ?? token.kind };
}

async function withNamespace(runtime: Surroundings, inputs: Props): Promise<Props> {
  if (metadataOf(inputs).namespace !== undefined) return inputs;
  return (await isNamespaced(runtime, inputs)) ? withMetadata(inputs, { namespace: runtime.namespace }) : inputs;
}

async function isNamespaced(runtime: Surroundings, inputs: Props): Promise<boolean> {
  const [apiVersion, kind] = [String(inputs.apiVersion), String(inputs.kind)];
  const declared = runtime.program.namespaced(groupOf(apiVersion), kind);
  if (declared !== undefined) return declared;
  try {
    return (await runtime.client.kind(apiVersion, kind)).namespaced;
  } catch (error) {
    // Most custom kinds live in namespaces; if this one does not, the namespace is left out when its definition is there.
    if (error instanceof UnknownKind) return true;
    throw error;
  }
}

function learn(program: Program, inputs: Props): void {
  if (inputs.kind === "Namespace") program.declareNamespace(String(metadataOf(inputs).name));
  if (inputs.kind !== "CustomResourceDefinition" || !isProps(inputs.spec) || !isProps(inputs.spec.names)) return;
  program.declareKind(String(inputs.spec.group), String(inputs.spec.names.kind), inputs.spec.scope === "Namespaced");
}
