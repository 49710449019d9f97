import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStackConfig } from "../../drill/stack.ts";
import { plans } from "../../stacks/plans.ts";
import { ToolError } from "../../tools/errors.ts";
import { projectRoot } from "../../tools/paths.ts";
import { goldens } from "./goldens.ts";

export const goldensFolder = join(projectRoot, "test", "goldens");

/** The goldens of every system, by file name. */
export async function allGoldens(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  // One after the other: Pulumi's mocks serve one program at a time.
  for (const [system, load] of Object.entries(plans)) Object.assign(files, await goldens(await load(), readStackConfig(system)));
  return files;
}

/** `npm run goldens`: writes test/goldens/ from the plans and their stack files. */
export async function goldensCommand(argv: string[]): Promise<number> {
  if (argv.length > 0) throw new ToolError(`npm run goldens takes no arguments, not "${argv[0]}"`, 2);
  const files = await allGoldens();
  rmSync(goldensFolder, { recursive: true, force: true });
  mkdirSync(goldensFolder);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(goldensFolder, name), text);
    console.log(`test/goldens/${name}`);
  }
  return 0;
}
