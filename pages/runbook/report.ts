import type { Report } from "../../components/plan/plan.ts";
import { code } from "./markdown.ts";

type Field = Report["sections"][number]["fields"][string];

/** A report as a form to copy and fill in. */
export function reportForm({ title, sections }: Report): string {
  const parts = sections.map((section) => {
    const heading = section.title === undefined ? [] : [`## ${section.title}`];
    return [...heading, ...Object.values(section.fields).map(line)].join("\n");
  });
  return code([`# ${title}`, "", ...parts.join("\n\n").split("\n")], "markdown");
}

function line({ title, type, what }: Field): string {
  switch (type) {
    case "text":
      return `**${title}**: [${what ?? title}]`;
    case "paragraph":
      return `[${what ?? title}]`;
    case "moment":
      return `- [Time]: ${title}`;
    case "list":
      return [1, 2, 3].map((number) => `${number}. [${title} ${number}]`).join("\n");
    case "check":
      return `- [ ] ${title}`;
    case "signature":
      return `- ${title}: _________________ Time: _______`;
  }
}
