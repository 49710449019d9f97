/** The few pieces of Markdown that a runbook is made of. */

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function list(items: readonly string[], mark = "-"): string {
  return items.map((item) => `${mark} ${item}`).join("\n");
}

export function checklist(items: readonly string[]): string {
  return list(items, "- [ ]");
}

export function code(lines: readonly string[], language = "sh"): string {
  return ["```" + language, ...lines, "```"].join("\n");
}

/** Blocks under a heading; nothing where there are no blocks. */
export function section(depth: number, title: string, ...blocks: readonly (string | undefined)[]): string | undefined {
  const told = blocks.filter((block) => block !== undefined && block !== "");
  return told.length > 0 ? [`${"#".repeat(depth)} ${title}`, ...told].join("\n\n") : undefined;
}
