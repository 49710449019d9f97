import { execFileSync } from "node:child_process";
import { accessSync, closeSync, constants, existsSync, openSync, readSync, realpathSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { coerce, satisfies } from "semver";
import { cacheRoot, projectRoot } from "../paths.ts";

export interface Wanted {
  /** File name of the command. */
  name: string;
  /** Arguments that make it print its version. */
  versionArguments: string[];
  /** Which versions serve, as a semver range. */
  accepts: string;
  /** Another file that must lie in the same folder. */
  beside?: string;
}

/** Path of a command that the machine brings and that is new enough. */
export function findOnPath(wanted: Wanted, path = process.env.PATH ?? ""): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = resolved(join(folder, wanted.name));
    if (!file || ours(file) || isScript(file)) continue;
    if (wanted.beside && !existsSync(join(dirname(file), wanted.beside))) continue;
    if (serves(file, wanted)) return file;
  }
  return undefined;
}

/** Whether a file is the command that is wanted, in a version that serves. */
export function serves(file: string, { versionArguments, accepts }: Wanted): boolean {
  return satisfies(versionOf(file, versionArguments), accepts);
}

/** Whether a command is there at all. */
export function isOnPath(name: string, path = process.env.PATH ?? ""): boolean {
  return path.split(delimiter).some((folder) => isAbsolute(folder) && resolved(join(folder, name)) !== undefined);
}

function resolved(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK);
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

function ours(file: string): boolean {
  return [cacheRoot, join(projectRoot, "node_modules")].some((folder) => file.startsWith(`${folder}/`));
}

/** Wrappers (npm's `pulumi`, version managers' shims) may download or pick another version when they run. */
function isScript(file: string): boolean {
  const descriptor = openSync(file, "r");
  try {
    const start = Buffer.alloc(2);
    readSync(descriptor, start, 0, 2, 0);
    return start.toString() === "#!";
  } finally {
    closeSync(descriptor);
  }
}

function versionOf(file: string, versionArguments: string[]): string {
  try {
    const output = execFileSync(file, versionArguments, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 5000 });
    return coerce(output)?.version ?? "0.0.0";
  } catch {
    return "0.0.0";
  }
}
