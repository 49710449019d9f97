import { z } from "zod";
import { explain } from "../levers/errors.ts";
import { flagsSchema } from "../levers/flags.ts";
import { isObject } from "../levers/scalars.ts";
import type { Plan } from "./plan.ts";

type State = Record<string, unknown>;

/** A state after `pulumi config set --path`, which changes no part of anything but a map. */
export function pull(state: State, [key = "", ...below]: readonly string[], value: unknown): State {
  if (below.length === 0) return { ...state, [key]: value };
  const inner = state[key] ?? {};
  if (!isObject(inner))
    throw new TypeError(`${key} is ${String(inner)} there, and Pulumi sets no part of that; expected { enabled: ${String(inner)} }`);
  return { ...state, [key]: pull(inner, below, value) };
}

/** What is wrong with the flags of the before state, and with what a level makes of them. */
export function flagStates(plan: Plan): string[] {
  const { before, levels } = plan;
  const schema = z.strictObject({ flags: flagsSchema(plan) });
  const problemsOf = (flags: State): string[] =>
    explain(schema.safeParse({ flags }).error?.issues ?? [], schema, plan).map(({ path, message }) => `${path}: ${message}`);
  const found = problemsOf(before.flags);
  const after = Object.entries(levels).flatMap(([name, { steps }]) => {
    const levers = steps.flatMap((step) => step.levers);
    const pulled = levers.flatMap((lever) => (lever.path.startsWith("flags.") && "value" in lever ? [lever] : []));
    try {
      const state = pulled.reduce((now, { path, value }) => pull(now, path.split(".").slice(1), value), before.flags as State);
      return problemsOf(state)
        .filter((problem) => !found.includes(problem))
        .map((problem) => `levels.${name}: from the before state, ${problem}`);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return [`levels.${name}: before.flags.${error.message}`];
    }
  });
  return [...found.map((problem) => `before.${problem}`), ...after];
}
