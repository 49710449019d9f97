/** `npm run alerts`: writes docs/alerts/<system>.yaml from the plans. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plans } from "../stacks/plans.ts";
import { ToolError } from "../tools/errors.ts";
import { projectRoot } from "../tools/paths.ts";
import { rulesFile } from "./file.ts";

const folder = join(projectRoot, "docs", "alerts");

export async function alertsCommand(argv: string[]): Promise<number> {
  if (argv.length > 0) throw new ToolError(`npm run alerts takes no arguments, not "${argv[0]}"`, 2);
  mkdirSync(folder, { recursive: true });
  for (const [system, load] of Object.entries(plans)) {
    writeFileSync(join(folder, `${system}.yaml`), rulesFile(await load()));
    console.log(`docs/alerts/${system}.yaml`);
  }
  return 0;
}
