import { stringify } from "yaml";
import type { Difference } from "./difference.ts";
import type { Resource } from "./update.ts";

const yaml = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();

const indent = (text: string, width: number): string => text.replaceAll(/^(?=.)/gm, " ".repeat(width));

/** `Deployment mindmend-backend`. */
function title({ type, name, inputs }: Resource): string {
  const [provider, , kind] = type.split(":");
  const called = (inputs.metadata as { name?: string } | undefined)?.name ?? name;
  return `${provider === "kubernetes" ? "" : `${provider} `}${kind} ${called}`;
}

/** What a first update makes: every resource in full. */
export function resourcesText({ changes }: Difference): string {
  return changes.map(({ place, resource }) => `---\n# ${place}. ${title(resource)}\n${yaml(resource.inputs)}\n`).join("");
}

/** What a later update does. */
export function differenceText({ changes, gone, same }: Difference): string {
  const changed = changes.map(({ place, resource, fields, instead, made }) => {
    const how = instead ? `, which differs from ${instead}:` : "";
    const body = fields ? fields.join("\n") : yaml(resource.inputs);
    return `${place}. ${made ? "+" : "~"} ${title(resource)}${how}\n${indent(body, 7)}`;
  });
  const parts = [
    ...(changes.length + gone.length === 0 ? ["Nothing changes."] : changed),
    ...(gone.length > 0 ? [gone.map((resource) => `last - ${title(resource)}`).join("\n")] : []),
    ...(same.length > 0 ? [`Stays as it is:\n${same.map((resource) => `   = ${title(resource)}`).join("\n")}`] : []),
  ];
  return `${parts.join("\n\n")}\n`;
}
