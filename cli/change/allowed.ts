import { describeChange } from "../../components/guards/change.ts";
import { judge } from "../../components/guards/judge.ts";
import type { Problem } from "../../components/levers/errors.ts";
import { drilled } from "../stack/drilled.ts";
import { judged, type RawLevers } from "../stack/levers.ts";
import type { OpenStack } from "../stack/open.ts";
import type { State } from "../stack/state.ts";

/** Why a stack cannot get these levers now, and which rules that are for rollouts let a rollback pass. */
export interface Allowance {
  problems: (Problem & { rule?: string })[];
  waived: string[];
}

/** What the levers' schema and the guards say of a change, before anything of it is done. */
export function allowanceOf(stack: OpenStack, { record }: State, raw: RawLevers): Allowance {
  const found = judged(stack.plan, raw, stack.name);
  if ("problems" in found) return { problems: [...found.problems], waived: [] };
  const args = { plan: stack.plan, levers: found.levers, last: record, drills: drilled(stack), now: new Date() };
  const { refused, waived } = judge(describeChange(args));
  const problems = Object.entries(refused).flatMap(([rule, all]) => all.map((problem) => ({ rule, ...problem })));
  return { problems, waived: Object.keys(waived) };
}

export const told = ({ rule, path, message, command }: Allowance["problems"][number]): string =>
  `${path}: ${message}${rule ? ` (${rule})` : ""}\n    mend it with: ${command}`;
