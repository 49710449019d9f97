import type { Plan } from "../plan/plan.ts";
import { levelHeading } from "../plan/words.ts";

/** Where runbooks are unless a stack says: their folder in this repository. */
export const runbookFolder = "docs/runbooks";

/** A heading's anchor, as GitHub and GitLab make it. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

/**
 * Where a plan's runbook tells of a level; of its triggers where none is named.
 *
 * @param runbooks where `<system>.md` is found; an address, where it should be clickable.
 */
export function runbookUrl(plan: Plan, runbooks: string, level?: string): string {
  const found = level === undefined ? undefined : plan.levels[level];
  const part = level === undefined || !found ? "triggers" : anchor(levelHeading(level, found));
  return `${runbooks.replace(/\/+$/, "")}/${plan.system}.md#${part}`;
}
