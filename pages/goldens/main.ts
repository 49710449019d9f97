import { join } from "node:path";
import { readStackConfig } from "../../pulumi/stackFile.ts";
import { plans } from "../../stacks/plans.ts";
import { projectRoot } from "../../tools/paths.ts";
import { writeFolder } from "../writeFolder.ts";
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
export const goldensCommand = (argv: string[]): Promise<number> => writeFolder("goldens", goldensFolder, allGoldens, argv);
