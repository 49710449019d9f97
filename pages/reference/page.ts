import { readFileSync } from "node:fs";
import { join } from "node:path";
import { code, list, section, table } from "../runbook/markdown.ts";
import type { Component, Property } from "./api.ts";

/** The example of a component: `Release` has `examples/release.ts`. */
export const exampleOf = ({ name }: Pick<Component, "name">): string => `${name[0]?.toLowerCase()}${name.slice(1)}`;

/** One component's page; `created` is what its example creates. */
export function componentPage(component: Component, created: readonly string[]): string {
  const example = readFileSync(join(import.meta.dirname, "examples", `${exampleOf(component)}.ts`), "utf8").trimEnd();
  const parts = [
    `# ${component.name}`,
    "Written from its docstrings and its example by `npm run reference`; change those, not this page.",
    component.doc,
    section(
      2,
      "Example",
      "`shop` is a plan and `app` what its pods are given: [app.ts](../../pages/reference/examples/app.ts).",
      code(example.split("\n"), "ts"),
      "It creates:",
      list(created.map((resource) => `\`${resource}\``)),
    ),
    section(2, "Arguments", properties(component.args)),
    section(2, "Outputs", properties(component.outputs)),
  ];
  return `${parts.filter((part) => part !== undefined).join("\n\n")}\n`;
}

function properties(all: readonly Property[]): string | undefined {
  if (all.length === 0) return undefined;
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const rows = all.map(({ name, type, optional, doc }) => [`\`${name}\`${optional ? ", optional" : ""}`, `\`${cell(type)}\``, cell(doc)]);
  return table(["name", "type", "what it is"], rows);
}

/** The page that leads to the others. */
export function indexPage(components: readonly Component[]): string {
  const rows = components.map(({ name, doc }) => [
    `[${name}](${name}.md)`,
    (doc.split(/\.\s/)[0] ?? "").replace(/\.$/, "").replaceAll("\n", " "),
  ]);
  return `# Components\n\nWhat \`import … from "rollback-stacks"\` gives a Pulumi program; [package.md](../package.md) shows a whole one.\n\n${table(["component", "what it is"], rows)}\n`;
}
