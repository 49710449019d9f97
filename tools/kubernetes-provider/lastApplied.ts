import { normalize } from "./normalize.ts";
import { type KubeObject, toPulumiKeys } from "./objects.ts";
import { isProps, LAST_APPLIED, type Props, type Value } from "./values.ts";

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

function parse(text: string): Value {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
