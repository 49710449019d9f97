import { type Applied, type ApplyOptions, applyWhenPossible } from "./apply.ts";
import type { KindInfo } from "./kinds.ts";
import { describe, type KubeObject } from "./objects.ts";
import { untilGone } from "./remove.ts";
import type { Runtime } from "./runtime.ts";

/** Applies in earnest; an object on its way out would take the change and then be gone, so it is let go first and made anew. */
export async function applyLasting(
  runtime: Runtime,
  urn: string,
  object: KubeObject,
  options: ApplyOptions,
  timeoutSeconds: number,
): Promise<Applied & { kind: KindInfo }> {
  const applied = await applyWhenPossible(runtime, object, options);
  if (!applied.object.metadata.deletionTimestamp) return applied;
  runtime.reporter.log(urn, "warning", `${describe(object)} is being deleted outside of Pulumi; it is created again once it is gone`);
  await untilGone(runtime, urn, applied.kind, applied.object, timeoutSeconds);
  return applyWhenPossible(runtime, object, options);
}
