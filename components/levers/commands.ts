/** Levers as the commands that a person types in an emergency. */

import type { Level, PlanLever, Step } from "../plan/plan.ts";

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

/** How a plan's lever is pulled, as typed into a shell. What a person has to choose stands in `<…>`, which no shell takes as it is. */
export function typed(lever: PlanLever): string {
  if (!("value" in lever) || lever.chosen === undefined) return rehearsed(lever);
  return `${commandLine(["config", "set", ...keyArguments(lever.path)])} <${lever.chosen}>`;
}

/** The same with the plan's example for what a person would choose. */
export function rehearsed(lever: PlanLever): string {
  if (!("sameAs" in lever)) return commandLine(leverArguments({ path: lever.path, value: "value" in lever ? lever.value : undefined }));
  return `${commandLine(["config", "set", ...keyArguments(lever.path)])} "$(${commandLine(readArguments(lever.sameAs))})"`;
}

/** The command as a person would type it. */
export function commandLine(args: readonly string[]): string {
  return ["pulumi", ...args.map(quoted)].join(" ");
}

/** An argument as a shell takes it for one. */
export function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
}

/** Everything that carries out a step of a level, as typed. */
export function stepCommands({ levers }: Step, asTyped = typed): string[] {
  return [...levers.map(asTyped), "pulumi up"];
}

/** Everything that carries out a level, as typed. */
export function levelCommands({ steps }: Level): string[] {
  return steps.flatMap((step) => stepCommands(step));
}
