/** What a change does to one stack, as Markdown. */

import { table } from "../pages/runbook/markdown.ts";
import { counts, fields, pods } from "./figures.ts";
import { findingList, ruleNames } from "./findings.ts";
import { levelDetails, levelSection } from "./levelSection.ts";
import { alert, entry, folded, inline, verbatim } from "./markdown.ts";
import type { Ground, StackPreview } from "./stack.ts";

/** How much is shown: where a comment gets too long, first the levels' fields go, then the change's own. */
export type Detail = "all" | "change" | "none";

export function stackSection(preview: StackPreview, detail: Detail): string {
  const { stack, title, levers, failure, proposed } = preview;
  const parts = [
    `### ${inline(stack)}: ${title}`,
    `Previewed because of ${reasons(preview)}.${grounds[preview.ground]}`,
    ...(levers.length > 0
      ? [
          table(
            ["lever", "now", "then"],
            levers.map(({ path, before, after }) => [path, before, after].map(inline)),
          ),
        ]
      : []),
    ...(failure === undefined ? [] : [alert("CAUTION", "**The change cannot be carried out.**", verbatim(failure))]),
    ...(proposed && failure === undefined ? change(preview, proposed, detail) : []),
    ...(failure === undefined ? ["#### If this goes wrong", ...levelSection(preview)] : []),
    ...(failure === undefined && detail === "all" ? [levelDetails(preview)] : []),
  ];
  return parts.join("\n\n");
}

const grounds: Record<Ground, string> = {
  state: "",
  first: " It was never deployed: this would be its first update.",
  unread: " Its state was not read, so what would change in the cluster, and what the policy pack says of that, is not known here.",
};

function reasons({ why }: StackPreview): string {
  return Object.entries(why)
    .map(
      ([kind, files]) => `${kind} (${files.slice(0, 3).map(inline).join(", ")}${files.length > 3 ? ` and ${files.length - 3} more` : ""})`,
    )
    .join(" and ");
}

function change({ levels }: StackPreview, proposed: NonNullable<StackPreview["proposed"]>, detail: Detail): string[] {
  const { difference, refused, advised, exempt } = proposed;
  const changes = difference.changes.length + difference.gone.length > 0;
  return [
    ...(refused.length > 0 ? [alert("WARNING", `**The policy pack refuses it: ${ruleNames(refused)}.**`, findingList(refused))] : []),
    `**What it does**: resources: ${counts(difference)}; pods: ${pods([difference])}.${refused.length === 0 ? " The policy pack refuses nothing." : ""}`,
    ...(advised.length > 0 ? [`**Advised**:\n\n${findingList(advised)}`] : []),
    ...(exempt.length > 0 ? [`**Exempt**:\n\n${[...new Set(exempt)].map(entry).join("\n")}`] : []),
    ...(changes && detail !== "none" ? [folded("Every field that changes, in order", verbatim(fields(difference)))] : []),
    ...(refused.length > 0 && levels.length > 0 ? ["The levels below are previewed as if it were deployed."] : []),
  ];
}
