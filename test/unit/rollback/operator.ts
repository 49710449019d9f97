/** The rollback command without a terminal, an engine or a cluster. */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "@stricli/core";
import pc from "picocolors";
import type { Operator } from "../../../cli/context.ts";
import { application } from "../../../cli/main.ts";
import type { OpenStack } from "../../../cli/stack/open.ts";
import { readStackDocument } from "../../../cli/stack/stackDocument.ts";
import { plans } from "../../../stacks/plans.ts";
import { projectRoot } from "../../../tools/paths.ts";

export interface Situation {
  /** One of the project's own. */
  stack: string;
  /** The `change` lever of its file. */
  change?: Record<string, unknown>;
  /** What `pulumi stack history --json` prints. */
  history?: object[];
  columns?: number;
  /** What a person answers, in order, before they end the asking; without it nobody can be asked. */
  answers?: string[];
}

/** An update as `pulumi stack history --json` has it. */
export const update = (
  message: string,
  startTime: string,
  seconds: number,
  change: object,
  result = "succeeded",
  levers: Record<string, unknown> = {},
) => ({
  kind: "update",
  message,
  startTime,
  endTime: new Date(Date.parse(startTime) + seconds * 1000).toISOString(),
  result,
  config: {
    "rollback-stacks:change": { secret: false, objectValue: change },
    "rollback-stacks:verification": { secret: false, objectValue: { image: "operations" } },
    ...Object.fromEntries(
      Object.entries(levers).map(([lever, objectValue]) => [`rollback-stacks:${lever}`, { secret: false, objectValue }]),
    ),
  },
});

/** Runs `rollback <args>`. */
export async function rollback(args: readonly string[], { stack: name, change, history = [], columns = 100, answers }: Situation) {
  const folder = mkdtempSync(join(tmpdir(), "rollback-unit-"));
  const [printed, noted, asked]: [string[], string[], string[]] = [[], [], []];
  const left = [...(answers ?? [])];
  const stream = (lines: string[]) => ({ write: (text: string) => void lines.push(text.replace(/\n$/, "")) });
  const document = readStackDocument(join(projectRoot, "stacks", `Pulumi.${name}.yaml`), name, "rollback-stacks");
  const plan = await plans[name]?.();
  const stack = {
    name,
    plan,
    // No drill is on record there.
    project: { folder, name: "rollback-stacks" },
    document: { ...document, levers: { ...document.levers, ...(change && { change }) } },
    pulumi: { run: async () => ({ stdout: JSON.stringify(history) }) },
  } as unknown as OpenStack;
  const process = { stdout: stream(printed), stderr: stream(noted), env: {}, exitCode: undefined };
  const operator = {
    process,
    cwd: folder,
    open: async () => stack,
    screen: {
      print: (line = "") => void printed.push(line),
      note: (line: string) => void noted.push(line),
      colors: pc.createColors(false),
      columns,
      interactive: answers !== undefined,
      ask: async (question: string) => {
        asked.push(question);
        return left.shift();
      },
      confirm: async () => false,
    },
  } as unknown as Operator;
  await run(application, args, operator);
  return { code: Number(process.exitCode ?? 0), printed: printed.join("\n"), said: noted.join("\n"), asked, folder };
}
