/** Figures of a difference, as a person says them. */

import type { Difference } from "../pages/goldens/difference.ts";
import { differenceText } from "../pages/goldens/text.ts";
import { type PodChange, podChanges } from "./pods.ts";

/** `2 changed, 1 new, 1 gone`. */
export function counts({ changes, gone }: Difference): string {
  const made = changes.filter((change) => change.made).length;
  const figures = Object.entries({ changed: changes.length - made, new: made, gone: gone.length }).filter(([, figure]) => figure > 0);
  return figures.map(([what, figure]) => `${figure} ${what}`).join(", ") || "nothing";
}

const words: Record<PodChange["what"], string> = { restart: "restarted", start: "new", end: "gone", scale: "scaled" };

/** `canary: restarted`, of several differences one after the other. */
export function pods(differences: readonly Difference[]): string {
  const changes = differences.flatMap(podChanges);
  const said = [...new Set(changes.map((change) => `${change.pods}: ${words[change.what]}`))];
  const restarted = changes.some(({ what }) => what === "restart");
  return [...(restarted ? [] : ["none restarted"]), said.join(", ")].filter((part) => part !== "").join("; ");
}

/** Everything that changes, field by field; not what stays. */
export const fields = (difference: Difference): string => differenceText({ ...difference, same: [] }).trimEnd();
