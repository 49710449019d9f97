import { isObject } from "../../components/levers/scalars.ts";

/** By which the engine's protocol marks a secret. */
const [signatureKey, secretSignature] = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"];

export const hidden = "(secret)";

/** A resource's inputs with every secret, and whatever a Kubernetes Secret holds, replaced. */
export function withoutSecrets(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const shown = reveal(inputs) as Record<string, unknown>;
  if (type !== "kubernetes:core/v1:Secret") return shown;
  const held = ["data", "stringData"].filter((key) => key in shown).map((key) => [key, hide(shown[key])]);
  return { ...shown, ...Object.fromEntries(held) };
}

function reveal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reveal);
  if (!isObject(value)) return value;
  if (value[signatureKey] === secretSignature) return hide(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
}

/** Which keys there are is no secret. */
function hide(value: unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hide(inner)])) : hidden;
}
