import { z } from "zod";
import { explain } from "../levers/errors.ts";
import { flagsSchema } from "../levers/flags.ts";
import { type Config, pulled } from "../levers/pulled.ts";
import type { Plan } from "./plan.ts";

/** What is wrong with the flags of the before state, and with what a level makes of them. */
export function flagStates(plan: Plan): string[] {
  const { before, levels } = plan;
  const schema = z.strictObject({ flags: flagsSchema(plan) });
  const problemsOf = (state: Config): string[] =>
    explain(schema.safeParse(state).error?.issues ?? [], schema, plan).map(({ path, message }) => `${path}: ${message}`);
  const from: Config = { flags: before.flags };
  const found = problemsOf(from);
  const after = Object.entries(levels).flatMap(([name, { steps }]) => {
    const levers = steps.flatMap((step) => step.levers);
    const flags = levers.filter((lever) => lever.path.startsWith("flags.") && "value" in lever);
    try {
      return problemsOf(flags.reduce(pulled, from))
        .filter((problem) => !found.includes(problem))
        .map((problem) => `levels.${name}: from the before state, ${problem}`);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return [`levels.${name}: before.flags.${error.message}`];
    }
  });
  return [...found.map((problem) => `before.${problem}`), ...after];
}
