import type { Plan } from "./plan.ts";

/** Where a plan whose every field is well-formed contradicts itself, each with its path. */
export function contradictions(plan: Plan): string[] {
  const problems: string[] = [];
  const known = Object.keys(plan.providers.known);
  const mustBeKnown = (path: string, name: string | undefined): void => {
    if (name !== undefined && !known.includes(name)) {
      problems.push(`${path}: "${name}" is not one of this plan's providers (${known.join(", ")})`);
    }
  };
  mustBeKnown("providers.fallback", plan.providers.fallback);
  mustBeKnown("providers.candidate", plan.providers.candidate);
  for (const [name, level] of Object.entries(plan.levels)) {
    mustBeKnown(`levels.${name}.safe.provider`, level.safe.provider);
    for (const [index, { path, value }] of level.levers.entries()) {
      if (path === "aiProvider") mustBeKnown(`levels.${name}.levers[${index}]`, String(value));
    }
  }
  return problems;
}
