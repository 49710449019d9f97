import { levelCommands } from "../../components/levers/commands.ts";
import { configAt } from "../../components/levers/pulled.ts";
import type { Plan, PlanLever } from "../../components/plan/plan.ts";
import { didYouMean } from "../nearest.ts";
import { OperatorError } from "../operatorError.ts";
import { type RawLevers, withLever } from "../stack/levers.ts";
import type { Intended } from "./intended.ts";

/** Values for the levers that a level leaves to a person, by path. */
export type Chosen = Readonly<Record<string, string>>;

/** @throws {OperatorError} that names the nearest where the plan has no such level. */
export function levelOf(plan: Plan, name: string): Plan["levels"][string] {
  const level = plan.levels[name];
  if (level && Object.hasOwn(plan.levels, name)) return level;
  const known = Object.keys(plan.levels);
  throw new OperatorError(
    `the plan of ${plan.system} has no level ${name}.${didYouMean(name, known)} It has ${known.join(", ")}.`,
    "usage",
  );
}

/**
 * The levers after each step of a level, from those before it.
 * @throws {OperatorError} where the plan has no such level, or a lever takes its value from one that is not set or from a person who did not say it.
 */
export function stepsOf(plan: Plan, name: string, before: RawLevers, chosen: Chosen): Intended["steps"] {
  const level = levelOf(plan, name);
  let levers = before;
  return level.steps.map(({ title, levers: pulled }) => {
    for (const lever of pulled)
      levers = withLever(levers, lever.path.split("."), valueFor(lever, levers, { name, chosen, typed: levelCommands(level) }));
    return { title, levers };
  });
}

function valueFor(
  lever: PlanLever,
  levers: RawLevers,
  { name, chosen, typed }: { name: string; chosen: Chosen; typed: string[] },
): unknown {
  if ("remove" in lever) return undefined;
  if ("sameAs" in lever) {
    const value = configAt(levers, lever.sameAs);
    if (value !== undefined) return value;
    throw new OperatorError(
      `level ${name} takes ${lever.path} from ${lever.sameAs}, which is not set. Nothing was changed.\n    mend it with: pulumi config set --path ${lever.sameAs} <value>`,
      "refused",
    );
  }
  if (lever.chosen === undefined) return lever.value;
  const value = chosen[lever.path];
  if (value !== undefined) return value;
  throw new OperatorError(
    `level ${name} leaves ${lever.path} to you: ${lever.chosen}, for example ${lever.value}. Nothing was changed.\n` +
      `    say it with: rollback to ${name} --choose ${lever.path}=<${lever.chosen}>\n    by hand: ${typed.join(" && ")}`,
    "usage",
  );
}
