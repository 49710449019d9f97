import type { Report } from "../../components/plan/plan.ts";
import { code } from "./markdown.ts";

type Field = Report["sections"][number]["fields"][string];

/** What stands in a report's fields, by name: a line, or several. */
export type ReportValues = Readonly<Record<string, readonly string[]>>;

/** A report as a form to copy and fill in. */
export const reportForm = (report: Report): string => code(reportText(report, {}).split("\n"), "markdown");

/** A report in Markdown; a field without a value is the place where it goes, in brackets. */
export function reportText({ title, sections }: Report, values: ReportValues): string {
  const parts = sections.map((section) => {
    const heading = section.title === undefined ? [] : [`## ${section.title}`];
    return [...heading, ...Object.entries(section.fields).flatMap(([name, field]) => lines(field, values[name]))].join("\n");
  });
  return [`# ${title}`, "", parts.join("\n\n")].join("\n");
}

const lines = (field: Field, value: readonly string[] | undefined): string[] => (value === undefined ? [gap(field)] : filled(field, value));

function gap({ title, type, what }: Field): string {
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

function filled({ title, type, from }: Field, value: readonly string[]): string[] {
  switch (type) {
    case "text":
      return [`**${title}**: ${value.join("; ")}`];
    case "paragraph":
      return [...value];
    case "moment":
      // Steps say themselves what they were.
      return value.map((each) => (from === "steps" ? `- ${each}` : `- ${each}: ${title}`));
    case "list":
      return value.map((each, index) => `${index + 1}. ${each}`);
    case "check":
      return [`- [x] ${title} (${value.join("; ")})`];
    case "signature":
      return [`- ${title}: ${value.join(", ")}`];
  }
}
