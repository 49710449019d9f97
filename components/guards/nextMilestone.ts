import type { Problem } from "../levers/errors.ts";
import type { Guard } from "./guard.ts";
import { ladderOf, rises, setPercentage } from "./rises.ts";

export const nextMilestone: Guard = {
  name: "next-milestone",
  description: "Something new reaches more people only by the next of the plan's milestones.",
  why: "C9, W6, E2: the ladder that the team agreed on, each step watched before the next",
  severity: "high",
  slowsRollouts: true,
  check(change) {
    const { plan, levers, last } = change;
    return rises(change).flatMap(({ lever, from, to }): Problem[] => {
      const next = ladderOf(plan, lever).find((percentage) => percentage > from);
      if (next === undefined || to <= next) return [];
      const known = last?.exposure ? `it is at ${from} %` : "nothing verified is known of before, which counts as 0 %";
      const message = `${known}, and the plan's next milestone is ${next} %, not ${to} %`;
      return [{ path: lever, message, command: setPercentage(plan, levers, lever, next) }];
    });
  },
};
