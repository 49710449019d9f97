import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import type { Plan } from "../plan/plan.ts";
import { keysAt } from "./path.ts";

/** One thing that is wrong with a stack's levers. */
export interface Problem {
  /** Config path, as `pulumi config set --path` takes it. */
  path: string;
  message: string;
  /** The command that mends it. */
  command: string;
}

/** Levers that cannot be used; the message lists every problem with its path and the command that mends it. */
export class LeverError extends Error {
  override name = "LeverError";
  readonly problems: readonly Problem[];

  constructor(stack: string, problems: readonly Problem[]) {
    const noun = problems.length === 1 ? "1 lever" : `${problems.length} levers`;
    const lines = problems.map(({ path, message, command }) => `  ${path}: ${message}\n    mend it with: ${command}`);
    super(`${noun} of stack ${stack} cannot be used. Nothing was changed.\n${lines.join("\n")}`);
    this.problems = problems;
  }
}

const secretPaths = /^credentials\./;

export const setCommand = (path: string, example: string): string => {
  const nested = path.includes(".") ? "--path " : "";
  const secret = secretPaths.test(path) ? "--secret " : "";
  return `pulumi config set ${secret}${nested}${path.includes("[") ? `'${path}'` : path} ${example}`;
};

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
  if (path === "system") return plan.system;
  if (path === "gcp") return "--path gcp.project <project-id>";
  if (path.startsWith("gcp.")) return gcpExample(path);
  if (path === "change.level") return Object.keys(plan.levels)[0] ?? "<level>";
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
    const at = (name: string): string => [...issue.path, name].join(".");
    const nearest = allowed.length > 0 ? closest(key, allowed) : undefined;
    const near = nearest && distance(key, nearest) <= key.length / 2 ? ` Did you mean ${at(nearest)}?` : "";
    const nested = issue.path.length > 0 ? "--path " : "";
    return {
      path: at(key),
      message: `unknown lever.${near} Known here: ${allowed.join(", ") || "none"}.`,
      command: `pulumi config rm ${nested}${at(key)}`,
    };
  });
}

/** Turns what the schema found into what a person would have written. */
export function explain(issues: readonly z.core.$ZodIssue[], schema: z.ZodType, plan: Plan): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return unknownKeys(issue, schema);
    const path = pathText(issue.path);
    if (issue.code === "custom" && issue.params?.command) return [{ path, message: issue.message, command: issue.params.command }];
    const example = exampleFor(path, plan);
    const command = example.startsWith("--path") ? `pulumi config set ${example}` : setCommand(path, example);
    return [{ path, message: issue.message, command }];
  });
}
