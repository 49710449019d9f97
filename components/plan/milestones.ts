import { leversSchema } from "../levers/levers.ts";
import { leverProblem } from "../levers/path.ts";
import type { Plan } from "./plan.ts";

/** Where a plan's milestones are no way to everybody, each with its path. */
export function milestones(plan: Plan): string[] {
  const ladder = plan.milestones;
  const last = ladder.at(-1);
  const back = ladder.findIndex(({ percentage, who }, step) => {
    const before = ladder[step - 1]?.percentage ?? -1;
    return percentage < before || (percentage === before && who === undefined);
  });
  return [
    ...(last && last.percentage !== 100
      ? [`milestones[${ladder.length - 1}].percentage: the last one is everybody, 100, not ${last.percentage}`]
      : []),
    ...(back >= 0 ? [`milestones[${back}].percentage: ${ladder[back]?.percentage} does not grow from the one before it`] : []),
    ...actions(plan),
  ];
}

function actions(plan: Plan): string[] {
  const schema = leversSchema(plan);
  const levels = Object.keys(plan.levels);
  return plan.milestones.flatMap(({ levers, backBy }, step) => {
    const path = `milestones[${step}]`;
    const pulled = levers.flatMap((lever, index) => {
      const problem = leverProblem(schema, lever);
      return problem === undefined ? [] : [`${path}.levers[${index}]: ${problem}`];
    });
    const unknown = backBy !== undefined && !levels.includes(backBy);
    return [...pulled, ...(unknown ? [`${path}.backBy: "${backBy}" is not one of this plan's levels (${levels.join(", ")})`] : [])];
  });
}
