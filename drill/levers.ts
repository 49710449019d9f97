/** Levers as the commands that a person types in an emergency. */

import type { PlanLever } from "../components/plan/plan.ts";
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
  return value === undefined ? ["config", "rm", ...keyArguments(path)] : ["config", "set", ...keyArguments(path), String(value)];
}

/** `config get --path previous.image`. */
export function readArguments(path: string): string[] {
  return ["config", "get", ...keyArguments(path)];
}

function keyArguments(path: string): string[] {
  return /[.[]/.test(path) ? ["--path", path] : [path];
}

/** How a plan's lever is pulled, as typed into a shell. */
export function typed(lever: PlanLever): string {
  if (!("sameAs" in lever)) return commandLine(leverArguments({ path: lever.path, value: "value" in lever ? lever.value : undefined }));
  return `${commandLine(["config", "set", ...keyArguments(lever.path)])} "$(${commandLine(readArguments(lever.sameAs))})"`;
}

export const upArguments = ["up", "--yes", "--skip-preview"] as const;

/** The commands that bring `levers` about, naming the stack, for someone who must type them. */
export function commandsFor(levers: readonly Lever[], stack: string): string[] {
  return [...levers.map(leverArguments), [...upArguments]].map((args) => commandLine([...args, "--stack", stack]));
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
  return Object.entries(value).flatMap(([key, child]) => leaves(`${path}.${key}`, child));
}
