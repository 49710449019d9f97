import { stepCommands } from "../../components/levers/commands.ts";
import type { Plan } from "../../components/plan/plan.ts";
import { duration, plural } from "../../components/plan/words.ts";
import { checklist, code, list, section, table } from "./markdown.ts";

type Milestone = Plan["milestones"][number];

const share = ({ who, percentage }: Milestone): string => who ?? `${percentage} %`;

/** The way to everybody: a table, and where more is said of a step than fits into one, a part for each. */
export function milestones({ milestones: ladder, levels }: Plan): (string | undefined)[] {
  const plain = ladder.every(({ levers, watched, backBy }) => levers.length === 0 && watched.length === 0 && backBy === undefined);
  if (plain) return [ladder.length > 0 ? milestoneTable(ladder) : undefined];
  return ladder.map((milestone) => {
    const { title, levers, holdHours, watched, conditions, backBy } = milestone;
    return section(
      3,
      `${title}: ${share(milestone)}`,
      levers.length > 0 ? code(stepCommands({ levers })) : undefined,
      watched.length > 0 ? `Watched meanwhile:\n\n${list(watched)}` : undefined,
      conditions.length > 0 ? `To go on:\n\n${checklist(conditions)}` : undefined,
      holdHours > 0 ? `At least ${held(holdHours)}.` : undefined,
      backBy === undefined ? undefined : `Back with: ${levels[backBy]?.title ?? backBy}.`,
    );
  });
}

const held = (hours: number): string => (hours % 24 === 0 ? plural(hours / 24, "day") : duration(hours * 3600));

function milestoneTable(ladder: readonly Milestone[]): string {
  return table(
    ["share", "what", "watched for", "to go on"],
    ladder.map((milestone) => [share(milestone), milestone.title, plural(milestone.holdHours, "hour"), milestone.conditions.join("; ")]),
  );
}
