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

/** What the stack's config (as in its YAML file) holds for each of `paths`; an object gives a lever for each of its leaves. */
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
  if (value === undefined || ["string", "number", "boolean"].includes(typeof value))
    return [{ path, value: value as LeverValue | undefined }];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`the lever ${path} is a list in the stack's config, so a drill cannot set it back`);
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return [{ path, value: undefined }];
  return entries.flatMap(([key, child]) => leaves(`${path}.${key}`, child));
}
