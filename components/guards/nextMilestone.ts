import { exposures } from "../exposure.ts";
import type { Problem } from "../levers/errors.ts";
import type { Plan } from "../plan/plan.ts";
import type { Guard } from "./guard.ts";

/** Who gets something new, step by step: the plan's percentages, each once. */
export const ladderOf = ({ milestones }: Plan): number[] => [...new Set(milestones.map(({ percentage }) => percentage))];

/** The command that sets a lever's percentage. */
export function setPercentage(lever: string, percentage: number): string {
  if (lever === "aiProvider") return `pulumi config set --path canary.weight ${percentage}`;
  return `pulumi config set --path ${lever}${lever.startsWith("flags.") ? ".percentage" : ""} ${percentage}`;
}

export const nextMilestone: Guard = {
  name: "next-milestone",
  description: "Something new reaches more people only by the next of the plan's milestones.",
  why: "W12, C9, E2: the ladder that the team agreed on, each step watched before the next",
  severity: "high",
  slowsRollouts: true,
  check({ plan, levers, last }) {
    const ladder = ladderOf(plan);
    if (ladder.length === 0) return [];
    return Object.entries(exposures(plan, levers)).flatMap(([lever, to]): Problem[] => {
      const from = last?.exposure?.[lever]?.percentage ?? 0;
      const next = ladder.find((percentage) => percentage > from);
      if (to <= from || next === undefined || to <= next) return [];
      const known = last?.exposure ? `it is at ${from} %` : "nothing verified is known of before, which counts as 0 %";
      return [
        { path: lever, message: `${known}, and the plan's next milestone is ${next} %, not ${to} %`, command: setPercentage(lever, next) },
      ];
    });
  },
};
