import type { z } from "zod";
import type { Plan } from "../plan/plan.ts";
import { nearest } from "./nearest.ts";
import { keysAt } from "./path.ts";

/** One thing that is wrong with a stack's levers. */
export interface Problem {
  /** Config path, as `pulumi config set --path` takes it. */
  path: string;
  message: string;
  /** The command that mends it. */
  command: string;
}

/** A problem as people read it. */
export const told = ({ path, message, command }: Problem): string => `${path}: ${message}\n    mend it with: ${command}`;

/** Levers that cannot be used; the message lists every problem with its path and the command that mends it. */
export class LeverError extends Error {
  override name = "LeverError";
  readonly problems: readonly Problem[];

  constructor(stack: string, problems: readonly Problem[]) {
    const noun = problems.length === 1 ? "1 lever" : `${problems.length} levers`;
    const lines = problems.map((problem) => `  ${told(problem)}`);
    super(`${noun} of stack ${stack} cannot be used. Nothing was changed.\n${lines.join("\n")}`);
    this.problems = problems;
  }
}

const secretPaths = /^credentials\./;

export const setCommand = (path: string, example: string): string => {
  const secret = secretPaths.test(path) ? "--secret " : "";
  return `pulumi config set ${secret}${keyText(path)} ${example}`;
};

const removeCommand = (path: string): string => `pulumi config rm ${keyText(path)}`;

function keyText(path: string): string {
  if (path.includes("[")) return `--path '${path}'`;
  return path.includes(".") ? `--path ${path}` : path;
}

/** As `pulumi config set --path` takes it: `a.b[0]`. */
const pathText = (path: readonly PropertyKey[]): string =>
  path.map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`)).join("");

function exampleFor(path: string, plan: Plan): string {
  if (path === "aiProvider" || path.endsWith(".aiProvider")) return plan.providers.fallback;
  if (path.endsWith("image")) return "<name@sha256:digest>";
  if (path.endsWith("weight") || path.endsWith("percentage")) return "0";
  if (path === "flags") return "--path flags.<flag> false";
  if (path === "features") return "--path features.<feature> true";
  if (/^flags\.\w+\.(only|except)$/.test(path)) return `--path ${path}.users <id>,<id>`;
  if (/^flags\.\w+(\.enabled)?$/.test(path)) return "false";
  if (path === "traffic" || path === "traffic.mode") return "--path traffic.mode replicas";
  if (path === "pins") return "--path pins.endpoints /<path>";
  if (path === "maintenance") return "true";
  if (path.startsWith("features.")) return "true";
  if (path === "cache") return "--path cache.url redis://<host>:6379/0";
  if (path.startsWith("cache.passwordSecret")) return "--path cache.passwordSecret.name <secret>";
  if (path === "database") return "--path database.revision <revision>";
  if (path.startsWith("database.passwordSecret")) return "--path database.passwordSecret.name <secret>";
  if (path === "system") return plan.system;
  if (path === "gcp") return "--path gcp.project <project-id>";
  if (path.startsWith("gcp.")) return gcpExample(path);
  if (path.startsWith("settings.")) return String(plan.settings[path.slice("settings.".length)]?.default ?? "<value>");
  return path === "stable" ? "--path stable.image <name@sha256:digest>" : "<value>";
}

function gcpExample(path: string): string {
  if (path.startsWith("gcp.notificationChannels")) return "projects/<project-id>/notificationChannels/<id>";
  return { "gcp.project": "<project-id>", "gcp.location": "<region>", "gcp.logRetentionDays": "90" }[path] ?? "<value>";
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, schema: z.ZodType): Problem[] {
  const allowed = keysAt(schema, issue.path);
  return issue.keys.map((key) => {
    const at = (name: string): string => pathText([...issue.path, name]);
    const near = nearest(key, allowed);
    return {
      path: at(key),
      message: `unknown lever.${near ? ` Did you mean ${at(near)}?` : ""} Known here: ${allowed.join(", ") || "none"}.`,
      command: removeCommand(at(key)),
    };
  });
}

/** Turns what the schema found into what a person would have written. */
export function explain(issues: readonly z.core.$ZodIssue[], schema: z.ZodType, plan: Plan): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return unknownKeys(issue, schema);
    const path = pathText(issue.path);
    return [{ path, message: issue.message, command: mendingCommand(issue, path, plan) }];
  });
}

/** What a custom check knows of it: the whole command, the value to set, or that nothing can stand there; else by the path. */
function mendingCommand(issue: z.core.$ZodIssue, path: string, plan: Plan): string {
  const { command, value, remove } = issue.code === "custom" ? (issue.params ?? {}) : {};
  if (command !== undefined) return command;
  if (value !== undefined) return setCommand(path, value);
  if (remove) return removeCommand(path);
  const example = exampleFor(path, plan);
  return example.startsWith("--path") ? `pulumi config set ${example}` : setCommand(path, example);
}
