/** `rollback`: the operator's commands. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildApplication, buildRouteMap, proposeCompletions, run, text_en } from "@stricli/core";
import { CommandError } from "../pulumi/pulumi.ts";
import { ToolError } from "../tools/errors.ts";
import { projectRoot } from "../tools/paths.ts";
import { commands } from "./commands/list.ts";
import { type Operator, operator } from "./context.ts";
import { exitCodes } from "./exitCodes.ts";

const { version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string };

/** What a person can act on as it is; a mistake of this program with where it was made. */
const said = (error: unknown): string => {
  if (error instanceof ToolError || error instanceof CommandError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

export const application = buildApplication<Operator>(
  buildRouteMap({
    routes: commands,
    docs: {
      brief: "Rolls a system back, and says where it stands",
      fullDescription: [
        "Rolls a system back, and says where it stands.",
        "",
        "  rollback status              where things stand",
        "  rollback check               which levels can be taken now",
        "  rollback to traffic          take one",
        "  rollback last-good           back to the last verified release",
        "",
        "Each command names the plain pulumi commands that it stands for. docs/rollback.md has the exit codes.",
      ].join("\n"),
    },
  }),
  {
    name: "rollback",
    versionInfo: { currentVersion: version },
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    documentation: { caseStyle: "convert-camel-to-kebab", useAliasInUsageLine: false },
    determineExitCode: (error) => (error instanceof ToolError ? error.exitCode : exitCodes.failed),
    localization: { text: { ...text_en, exceptionWhileRunningCommand: said, commandErrorResult: said } },
  },
);

/** Runs what `argv` (what follows `rollback`) asks for. @returns the exit code. */
export async function rollbackCommand(argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  if (first === "__complete") return await complete(rest);
  await run(application, argv, operator());
  const code = Number(process.exitCode ?? 0);
  // What the parser itself refuses has codes below zero.
  return code < 0 ? exitCodes.usage : code;
}

/** For the scripts that `rollback completion` prints: what may stand where the last of the words begins, a line each. */
async function complete(words: readonly string[]): Promise<number> {
  const found = await proposeCompletions(application, words, operator());
  for (const { completion } of found) console.log(completion);
  return exitCodes.done;
}
