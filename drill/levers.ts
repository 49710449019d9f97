/** Levers as the commands that a person types in an emergency. */

import { commandLine } from "./pulumi.ts";

export type LeverValue = string | number | boolean;

export interface Lever {
  /** As `pulumi config set --path` takes it: `aiProvider`, `canary.weight`. */
  path: string;
  /** Undefined: not set, so that the plan's default holds. */
  value: LeverValue | undefined;
}

/** `config set aiProvider openai`, `config set --path canary.weight 0`, `config rm …` where the value is undefined. */
export function leverArguments({ path, value }: Lever): string[] {
  const key = /[.[]/.test(path) ? ["--path", path] : [path];
  return value === undefined ? ["config", "rm", ...key] : ["config", "set", ...key, String(value)];
}

export const upArguments = ["up", "--yes", "--skip-preview"] as const;

/** The commands that bring `levers` about, naming the stack, for someone who must type them. */
export function commandsFor(levers: readonly Lever[], stack: string): string[] {
  return [...levers.map(leverArguments), [...upArguments]].map((args) => commandLine([...args, "--stack", stack]));
}

/** What the stack's config (as in its YAML file) holds for each of `paths`. */
export function currentLevers(config: Record<string, unknown>, paths: readonly string[], project: string): Lever[] {
  return paths.map((path) => {
    let value: unknown = config;
    for (const [index, key] of path.split(".").entries()) {
      value = Object(value)[index === 0 ? `${project}:${key}` : key];
    }
    if (value !== undefined && !["string", "number", "boolean"].includes(typeof value)) {
      throw new Error(`the lever ${path} is not a single value in the stack's config, so a drill cannot set it back`);
    }
    return { path, value: value as LeverValue | undefined };
  });
}
