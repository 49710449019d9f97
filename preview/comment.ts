/** The whole comment on a pull request. */

import { table } from "../pages/runbook/markdown.ts";
import { counts } from "./figures.ts";
import { ruleNames } from "./findings.ts";
import { isImpossible } from "./levels.ts";
import { inline } from "./markdown.ts";
import { previewMarker, quiet } from "./report.ts";
import { isRefused, type StackPreview } from "./stack.ts";
import { type Detail, stackSection } from "./stackSection.ts";

/** Characters that GitHub takes. GitLab takes more. */
const longest = 65_536;

export function comment(previews: readonly StackPreview[]): string {
  if (previews.length === 0) return `${previewMarker}\n${quiet}\nNo stack's levers, plan or code changed: there is nothing to preview.\n`;
  const whole = (["all", "change", "none"] satisfies Detail[]).map((detail) => write(previews, detail));
  const [first = ""] = whole;
  return whole.find((text) => text.length <= longest) ?? cut(first);
}

function write(previews: readonly StackPreview[], detail: Detail): string {
  const parts = [
    `${previewMarker}\n## ${headline(previews)}`,
    ...problems(previews),
    ...(previews.length > 1 ? [overview(previews)] : []),
    ...previews.map((preview) => stackSection(preview, detail)),
    ...(detail === "all" ? [] : [`*Too long for one comment: fields are left out. All of it: \`npm run pr-preview -- --stack <stack>\`.*`]),
    footer(previews),
  ];
  return `${parts.join("\n\n")}\n`;
}

function headline(previews: readonly StackPreview[]): string {
  const refused = previews.filter(isRefused);
  const names = (refused.length > 0 ? refused : previews).map(({ stack }) => inline(stack)).join(", ");
  if (refused.length > 0) return `❌ Not to be merged as it is: ${names}`;
  return `✅ ${names}: after this change, every level can still be carried out`;
}

/** What is wrong, in a line each. */
function problems(previews: readonly StackPreview[]): string[] {
  const lines = previews.flatMap(({ stack, failure, proposed, levels }) => [
    ...(failure === undefined ? [] : [`- ${inline(stack)}: the change cannot be carried out`]),
    ...levels
      .filter(isImpossible)
      .map(({ name, level }) => `- ${inline(stack)}: rolling back by ${inline(name)} (${level.title}) becomes impossible`),
    ...(proposed?.refused.length ? [`- ${inline(stack)}: refused by ${ruleNames(proposed.refused)}`] : []),
  ]);
  return lines.length > 0 ? [lines.join("\n")] : [];
}

function overview(previews: readonly StackPreview[]): string {
  const rows = previews.map((preview) => {
    const { stack, failure, proposed, levels } = preview;
    const here = levels.filter(({ notHere }) => !notHere);
    const possible = here.filter((level) => !isImpossible(level)).length;
    return [
      `${isRefused(preview) ? "❌" : "✅"} ${inline(stack)}`,
      failure !== undefined ? "cannot be carried out" : proposed ? counts(proposed.difference) : "not read",
      proposed?.refused.length ? `refused by ${ruleNames(proposed.refused)}` : proposed && failure === undefined ? "none refuses" : "–",
      failure === undefined ? `${possible} of ${here.length} levels possible` : "–",
    ];
  });
  return table(["stack", "resources", "rules", "if this goes wrong"], rows);
}

function footer(previews: readonly StackPreview[]): string {
  const google = previews.some(({ withoutGoogleCloud }) => withoutGoogleCloud) ? " Google Cloud resources are left out there." : "";
  return (
    "<sub>Nothing was deployed. The change was previewed by Pulumi's engine with the policy pack, from the stack's state. For the levels, it was carried out on a copy whose " +
    `cluster is a folder of files and whose credentials are random; each level was then previewed from there, by the same engine with the same pack.${google} ` +
    "Locally: <code>npm run pr-preview</code>.</sub>"
  );
}

function cut(text: string): string {
  const note = "\n\n*Too long for one comment: the rest is left out. All of it: `npm run pr-preview -- --stack <stack>`.*\n";
  return text.slice(0, longest - note.length).replace(/\n[^\n]*$/, "") + note;
}
