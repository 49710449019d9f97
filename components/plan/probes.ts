import type { z } from "zod";
import { leverProblem } from "../levers/path.ts";
import type { Plan, Probe } from "./plan.ts";

/** Probes that could never pass: of a provider that the plan does not have, or of a lever that is none. */
export function impossibleProbes(plan: Plan, levers: z.ZodType): string[] {
  const providers = Object.keys(plan.providers.known);
  const problemOf = (probe: Probe): string | undefined => {
    if (probe.type === "image") return leverProblem(levers, { path: probe.lever, sameAs: probe.lever });
    if (probe.type !== "provider" || providers.includes(probe.provider)) return undefined;
    return `"${probe.provider}" is not one of this plan's providers (${providers.join(", ")})`;
  };
  const lists: [path: string, probes: readonly Probe[]][] = [
    ["verification", plan.verification],
    ...Object.entries(plan.levels).map(([name, level]): [string, readonly Probe[]] => [`levels.${name}.verification`, level.verification]),
  ];
  return lists.flatMap(([path, probes]) =>
    probes.flatMap((probe, index) => {
      const problem = problemOf(probe);
      return problem === undefined ? [] : [`${path}[${index}]: ${problem}`];
    }),
  );
}
