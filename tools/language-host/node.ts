import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Oldest Node that @pulumi/pulumi supports (its package.json, "engines"). */
const oldestNode = 22;

/** The Node that programs run on: the first on PATH, as with Pulumi's own host, unless it is too old; then this process's own. */
export const programNode: Promise<string> = choose();

async function choose(): Promise<string> {
  const found = onPath("node");
  if (!found || realpathSync(found) === realpathSync(process.execPath)) return process.execPath;
  return (await majorOf(found)) >= oldestNode ? found : process.execPath;
}

function onPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

function majorOf(node: string): Promise<number> {
  return new Promise((resolve) => {
    execFile(node, ["--version"], { timeout: 5000 }, (error, stdout) => {
      resolve(error ? 0 : Number.parseInt(stdout.replace(/^v/, ""), 10));
    });
  });
}
