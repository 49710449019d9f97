/** What a comment on GitHub or GitLab is made of, beside the runbook's pieces of Markdown. */

/** Folded; a blank line after the summary, without which nothing inside is Markdown. */
export function folded(summary: string, ...blocks: readonly string[]): string {
  return [`<details><summary>${summary}</summary>`, ...blocks, "</details>"].join("\n\n");
}

/** A block that is read first. */
export function alert(kind: "CAUTION" | "WARNING" | "NOTE", ...blocks: readonly string[]): string {
  return [`[!${kind}]`, blocks.join("\n\n")].join("\n").replaceAll(/^/gm, "> ").replaceAll(/^> $/gm, ">");
}

/** Text that is shown as it is, whatever it holds. */
export function verbatim(text: string, language = "text"): string {
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return [`${fence}${language}`, text, fence].join("\n");
}

export const inline = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);

/** A list's entry whose further lines belong to it. */
export const entry = (text: string): string => `- ${text.replaceAll("\n", "\n  ").replaceAll(/^ +$/gm, "")}`;
