/** What a difference means for pods that run. */

import { isObject } from "../components/levers/scalars.ts";
import { trackLabel } from "../components/motion.ts";
import type { Change, Difference } from "../pages/goldens/difference.ts";
import type { Resource } from "../pages/goldens/update.ts";

/** Whether the pods of a track, or of a worker, are other ones afterwards. */
export interface PodChange {
  /** `canary`, or the Deployment's name where it is no track's. */
  pods: string;
  what: "restart" | "start" | "end" | "scale";
}

const workloads = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:DaemonSet"];

export function podChanges({ changes, gone }: Pick<Difference, "changes" | "gone">): PodChange[] {
  const changed = changes.filter(({ resource }) => workloads.includes(resource.type));
  const ended = gone.filter(({ type }) => workloads.includes(type));
  return [
    ...changed.flatMap((change) => {
      const what = whatOf(change);
      return what ? [{ pods: podsOf(change.resource), what }] : [];
    }),
    ...ended.map((resource) => ({ pods: podsOf(resource), what: "end" as const })),
  ];
}

function whatOf({ made, fields = [] }: Change): PodChange["what"] | undefined {
  if (made) return "start";
  if (fields.some((line) => /^[~+-] spec\.template\b/.test(line))) return "restart";
  return fields.some((line) => /^[~+-] spec\.replicas\b/.test(line)) ? "scale" : undefined;
}

function podsOf({ name, inputs }: Resource): string {
  const labels = ["spec", "template", "metadata", "labels"].reduce<unknown>((holder, key) => Object(holder)[key], inputs);
  const track = isObject(labels) ? labels[trackLabel] : undefined;
  return typeof track === "string" ? track : name;
}
