import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../operatorError.ts";
import { utc } from "../text.ts";
import { localState } from "./localState.ts";
import type { OpenStack } from "./open.ts";

/**
 * What to say where the state's file in a folder is damaged, with the newest whole checkpoint and the commands that put it in its place;
 * nothing where it is not, or the state is elsewhere. The file is never written here.
 */
export function damaged(stack: OpenStack, error: unknown): OperatorError | undefined {
  const folder = localState(stack);
  if (!folder || !existsSync(folder.checkpoint)) return undefined;
  if (isWhole(folder.checkpoint)) return undefined;
  const why =
    error instanceof Error
      ? (error.message
          .split("\n")
          .find((line) => /error:/.test(line))
          ?.trim() ?? "")
      : "";
  const whole = newestWhole([folder.history, folder.backups]);
  const way = whole
    ? `The newest whole checkpoint is of ${utc(statSync(whole).mtime)}. What happened since then is not in it; \`pulumi refresh\` finds it in the cluster.\n` +
      `    mend it with: mv ${folder.checkpoint} ${folder.checkpoint}.damaged && cp ${whole} ${folder.checkpoint} && pulumi refresh --stack ${stack.name}`
    : "No whole checkpoint of it is left in history or backups.";
  return new OperatorError(
    `the state of stack ${stack.name} is damaged: ${folder.checkpoint} is no whole checkpoint. ${why}\n  It was left as it is. ${way}`,
  );
}

function newestWhole(folders: readonly string[]): string | undefined {
  return folders
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : []))
    .filter((file) => file.endsWith(".json") && !file.endsWith(".history.json"))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
    .find(isWhole);
}

function isWhole(file: string): boolean {
  try {
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8"));
    return typeof checkpoint?.stack === "string" && (checkpoint.latest === undefined || Array.isArray(checkpoint.latest?.resources ?? []));
  } catch {
    return false;
  }
}
