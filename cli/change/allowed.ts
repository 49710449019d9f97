import { describeChange } from "../../components/guards/change.ts";
import { judge } from "../../components/guards/judge.ts";
import type { Problem } from "../../components/levers/errors.ts";
import { drillsOf } from "../stack/drilled.ts";
import { judged, type RawLevers } from "../stack/levers.ts";
import type { OpenStack } from "../stack/open.ts";
import type { State } from "../stack/state.ts";

/** Something that keeps a stack from getting levers; of the levers' schema, or of the guard that is named. */
export type Obstacle = Problem & { rule?: string };

/** Why a stack cannot get these levers now, before anything of it is done; nothing where it can. */
export function obstaclesTo(stack: OpenStack, { record }: State, raw: RawLevers): Obstacle[] {
  const found = judged(stack.plan, raw, stack.name);
  if ("problems" in found) return [...found.problems];
  const { refused } = judge(
    describeChange({ plan: stack.plan, levers: found.levers, last: record, drills: drillsOf(stack), now: new Date() }),
  );
  return Object.entries(refused).flatMap(([rule, problems]) => problems.map((problem) => ({ rule, ...problem })));
}

export const told = ({ rule, path, message, command }: Obstacle): string =>
  `${path}: ${message}${rule ? ` (${rule})` : ""}\n    mend it with: ${command}`;
