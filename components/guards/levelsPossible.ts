import { leverProblems } from "../levers/check.ts";
import { elsewhere, stackOf } from "../levers/elsewhere.ts";
import type { Problem } from "../levers/errors.ts";
import type { Levers } from "../levers/levers.ts";
import { type Config, configAt, pulled } from "../levers/pulled.ts";
import type { Level, Plan } from "../plan/plan.ts";
import { changesLevers } from "./direction.ts";
import type { Guard } from "./guard.ts";
import { oneWayBetween } from "./oneWayMigration.ts";

/** A rollback is only held back by what it makes impossible itself, not by what was so before. */
export const levelsPossible: Guard = {
  name: "levels-possible",
  description: "Each level of the plan can still be carried out after the change.",
  why: "design: the last rollback is still possible from where a change leads",
  severity: "critical",
  slowsRollouts: false,
  check(change) {
    const { plan, levers, last, forward } = change;
    const now = impossible(plan, levers);
    const rollback = forward.length === 0 && changesLevers(change);
    if (now.length === 0 || !rollback) return now;
    const before = impossible(plan, { ...levers, ...last?.levers } as Levers);
    return now.filter(({ path, message }) => !before.some((other) => other.path === path && other.message === message));
  },
};

/** What stops levels, each cause once. */
function impossible(plan: Plan, levers: Levers): Problem[] {
  const already = leverProblems(plan, levers).map(({ path }) => path);
  const causes = new Map<string, { problem: Problem; levels: string[] }>();
  for (const [name, level] of Object.entries(plan.levels)) {
    for (const problem of whatStops(plan, level, levers)) {
      if (already.includes(problem.path)) continue;
      const key = `${problem.path}: ${problem.message}`;
      causes.set(key, { problem, levels: [...(causes.get(key)?.levels ?? []), name] });
    }
  }
  return [...causes.values()].map(({ problem, levels }) => ({
    ...problem,
    message: `${levels.length === 1 ? "level" : "levels"} ${levels.join(", ")} could not be carried out: ${problem.message}`,
  }));
}

/** What is wrong after the first step of a level that cannot be carried out. */
function whatStops(plan: Plan, level: Level, levers: Levers): Problem[] {
  if (!hasSomethingToActOn(level, levers)) return [];
  const oneWay = belowOneWay(plan, level, levers);
  if (oneWay) return [oneWay];
  let config: Config = levers;
  for (const step of level.steps) {
    for (const lever of step.levers) {
      // Of the release before, `previous-image` asks; what a person chooses is checked when it is chosen.
      if ("sameAs" in lever && lever.sameAs === "previous.image" && !levers.previous) return [];
      if ("sameAs" in lever && configAt(config, lever.sameAs) === undefined) return [missingSource(lever.path, lever.sameAs)];
      if (!("value" in lever) || lever.chosen === undefined) config = pulled(config, lever);
    }
    const problems = leverProblems(plan, config);
    if (problems.length > 0) return problems;
  }
  return [];
}

/** What keeps a level that goes down to an earlier revision from it, where it brings no backup of before. */
function belowOneWay(plan: Plan, { steps }: Level, { database }: Levers): Problem | undefined {
  const pulled = steps.flatMap(({ levers }) => levers);
  const [lowest] = pulled.flatMap((lever) => (lever.path === "database.revision" && "value" in lever ? [String(lever.value)] : []));
  if (!database || lowest === undefined || pulled.some(({ path }) => path === "database.restore")) return undefined;
  const found = oneWayBetween(plan, lowest, database.revision);
  if (found.length === 0) return undefined;
  const message = `it goes down to ${lowest}, and ${found.join(", ")} cannot be undone`;
  return { path: "database.revision", message, command: `pulumi config set --path database.revision ${lowest}` };
}

/** A level for a Gateway, one that moves the canary, or one that changes the database is none for a stack without. */
function hasSomethingToActOn(level: Level, levers: Levers): boolean {
  const movesCanary = level.steps.some((step) => step.levers.some(({ path }) => path.startsWith("canary.")));
  return elsewhere(level, stackOf(levers)) === undefined && !(movesCanary && !levers.canary);
}

const missingSource = (lever: string, source: string): Problem => ({
  path: source,
  message: `it sets ${lever} to what ${source} is, which is not set`,
  command: `pulumi config set --path ${source} <value>`,
});
