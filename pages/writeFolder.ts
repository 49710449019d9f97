import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ToolError } from "../tools/errors.ts";
import { projectRoot } from "../tools/paths.ts";

/** A command `npm run <name>` that makes `folder` hold these files, by name, and nothing else. Returns its exit code. */
export async function writeFolder(
  name: string,
  folder: string,
  files: () => Promise<Record<string, string>>,
  argv: readonly string[],
): Promise<number> {
  if (argv.length > 0) throw new ToolError(`npm run ${name} takes no arguments, not "${argv[0]}"`, 2);
  const made = await files();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [file, text] of Object.entries(made)) {
    writeFileSync(join(folder, file), text);
    console.log(relative(projectRoot, join(folder, file)));
  }
  return 0;
}
