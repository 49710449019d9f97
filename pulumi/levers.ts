/** Levers as the commands that a person types in an emergency. */

import { commandLine, type Lever, type LeverValue, leverArguments } from "../components/levers/commands.ts";
import type { Level } from "../components/plan/plan.ts";

export const upArguments = ["up", "--yes", "--skip-preview"] as const;

/** The commands that bring `levers` about, naming the stack, for someone who must type them. */
export function commandsFor(levers: readonly Lever[], stack: string): string[] {
  return [...levers.map(leverArguments), [...upArguments]].map((args) => commandLine([...args, "--stack", stack]));
}

/** Every path that a level pulls, once. */
export function pathsOf({ steps }: Level): string[] {
  return [...new Set(steps.flatMap(({ levers }) => levers.map(({ path }) => path)))];
}

/** What the stack's config (as in its YAML file) holds for each of `paths`; an object or a list gives a lever for each of its leaves. */
export function currentLevers(config: Record<string, unknown>, paths: readonly string[], project: string): Lever[] {
  return paths.flatMap((path) => {
    let value: unknown = config;
    for (const [index, key] of path.split(".").entries()) {
      value = Object(value)[index === 0 ? `${project}:${key}` : key];
    }
    return leaves(path, value);
  });
}

function leaves(path: string, value: unknown): Lever[] {
  // What stands there then goes first: it may be longer, or a text with commas.
  if (Array.isArray(value)) return [{ path, value: undefined }, ...value.flatMap((entry, index) => leaves(`${path}[${index}]`, entry))];
  if (typeof value !== "object" || value === null) return [{ path, value: value as LeverValue | undefined }];
  const entries = Object.entries(value);
  if (entries.length === 0) return [{ path, value: undefined }];
  return entries.flatMap(([key, child]) => leaves(`${path}.${key}`, child));
}
