import { normalize } from "./normalize.ts";
import { type KubeObject, metadataOf, toPulumiKeys, withMetadata } from "./objects.ts";
import { isProps, type Props, Secret, type Value } from "./values.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** What `kubectl apply` was last given for an object, which it remembers there: what a person wrote, without the server's defaults. */
export function lastApplied(live: KubeObject): Props | undefined {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  const parsed = parse(text);
  if (!isProps(parsed) || !isProps(parsed.metadata)) return undefined;
  const { status: _, ...applied } = parsed;
  const { annotations, ...metadata } = parsed.metadata;
  // kubectl always writes this field.
  const kept = isProps(annotations) && Object.keys(annotations).length > 0 ? { annotations } : {};
  return normalize(toPulumiKeys({ ...applied, metadata: { ...metadata, ...kept } }) as Props);
}

/** A Secret's outputs with what kubectl remembers of it, its data, hidden too. */
export function hideLastApplied(outputs: Props): Props {
  const { annotations } = metadataOf(outputs);
  if (outputs.kind !== "Secret" || !isProps(annotations) || annotations[LAST_APPLIED] === undefined) return outputs;
  return withMetadata(outputs, { annotations: { ...annotations, [LAST_APPLIED]: new Secret(annotations[LAST_APPLIED]) } });
}

function parse(text: string): Value {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
