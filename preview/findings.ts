/** What the policy pack says, as Markdown. */

import type { Finding } from "./engine.ts";
import { entry, inline, verbatim } from "./markdown.ts";

/** An entry for each rule and what mends it, with all that it found. */
export function findingList(findings: readonly Finding[]): string {
  const groups = Map.groupBy(findings, ({ rule, resource, mend }) => JSON.stringify([rule, resource, mend]));
  return [...groups.values()].map(group).join("\n");
}

function group(findings: readonly Finding[]): string {
  const [{ rule, severity, resource, mend }] = findings as [Finding];
  const messages = findings.map(({ message }) => message.replaceAll("\n", " ")).join("; ");
  const head = `**${rule}**${severity ? ` (${severity})` : ""}, on ${inline(resource)}: ${messages}`;
  return entry(mend === undefined ? head : `${head}\n${verbatim(mend, mend.startsWith("pulumi ") ? "sh" : "text")}`);
}

/** `next-milestone, hold-time`. */
export const ruleNames = (findings: readonly Finding[]): string => [...new Set(findings.map(({ rule }) => inline(rule)))].join(", ");
