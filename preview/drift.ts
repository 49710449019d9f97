/** `npm run drift`: whether the cluster is as the stack's program and levers say. */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Difference } from "../pages/goldens/difference.ts";
import { pulumiEnvironment } from "../tools/environment.ts";
import { ToolError } from "../tools/errors.ts";
import { projectRoot } from "../tools/paths.ts";
import { contextParts, ensure } from "../tools/setup/index.ts";
import { createProgress } from "../tools/setup/progress.ts";
import { knownStacks } from "./affected.ts";
import { type EnginePreview, enginePreview } from "./engine.ts";
import { counts, fields } from "./figures.ts";
import { differenceOf } from "./levels.ts";
import { inline, verbatim } from "./markdown.ts";
import { Pulumi } from "./pulumi.ts";
import { driftMarker, quiet } from "./report.ts";

const usage = `npm run drift -- STACK [--out FILE]
npm run drift -- --list

  --out    the file that the report is written to (default standard output)
  --list   print the stacks as JSON, for a job's matrix`;

/** Returns 1 where something is not as it should be, or where that cannot be told. */
export async function driftCommand(argv: string[]): Promise<number> {
  const { stack, out, list } = parse(argv);
  if (list) {
    console.log(JSON.stringify(stackNames()));
    return 0;
  }
  await ensure(contextParts, createProgress({}));
  const seen = await enginePreview(new Pulumi(projectRoot, pulumiEnvironment(), stack), ["--refresh", "--expect-no-changes"]);
  const text = driftReport(stack, seen);
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
  return drifted(seen) ? 1 : 0;
}

const stackNames = (): string[] => knownStacks().map(({ stack }) => stack);

function parse(argv: string[]): { stack: string; out: string | undefined; list: boolean } {
  try {
    const options = { out: { type: "string" }, list: { type: "boolean", default: false } } as const;
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
    const [stack = "", ...more] = positionals;
    const { out, list } = values;
    if (!list && (more.length > 0 || !stackNames().includes(stack)))
      throw new Error(`expected one stack; there are ${stackNames().join(", ")}`);
    return { stack, out, list };
  } catch (error) {
    throw new ToolError(`${(error as Error).message}\n\n${usage}`, 2);
  }
}

type Seen = Pick<EnginePreview, "before" | "after" | "failure">;

const differs = (difference: Difference): boolean => difference.changes.length + difference.gone.length > 0;

/** Whether anything is not as it should be, or cannot be told. */
export const drifted = (seen: Seen): boolean => differs(differenceOf(seen)) || seen.failure !== undefined;

/** What differs, as the text of an issue. */
export function driftReport(stack: string, seen: Seen): string {
  const marker = driftMarker(stack);
  if (!drifted(seen)) return `${marker}\n${quiet}\n${inline(stack)} is as its program and its levers say.\n`;
  const difference = differenceOf(seen);
  const parts = [
    `${marker}\n## Drift: ${inline(stack)} is not as its program and its levers say`,
    ...(differs(difference) ? remedy(stack, difference) : []),
    // That there are changes is no failure where they stand above.
    ...(seen.failure === undefined || (differs(difference) && seen.failure.includes("no changes were expected"))
      ? []
      : ["The engine says:", verbatim(seen.failure)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

const remedy = (stack: string, difference: Difference): string[] => [
  `An update would put it right: ${counts(difference)}. On the left is what the cluster has.`,
  verbatim(fields(difference)),
  verbatim(`pulumi preview --refresh --stack ${stack}\npulumi up --refresh --policy-pack policies --stack ${stack}`, "sh"),
  "Or, where the cluster is right, say the same in the plan or in the stack's file.",
];
