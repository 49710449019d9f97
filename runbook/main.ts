/** `npm run runbooks`: writes docs/runbooks/<system>.md from the plans. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plans } from "../stacks/plans.ts";
import { ToolError } from "../tools/errors.ts";
import { projectRoot } from "../tools/paths.ts";
import { runbook } from "./runbook.ts";

const folder = join(projectRoot, "docs", "runbooks");

export async function runbooksCommand(argv: string[]): Promise<number> {
  if (argv.length > 0) throw new ToolError(`npm run runbooks takes no arguments, not "${argv[0]}"`, 2);
  mkdirSync(folder, { recursive: true });
  for (const [system, load] of Object.entries(plans)) {
    writeFileSync(join(folder, `${system}.md`), runbook(await load()));
    console.log(`docs/runbooks/${system}.md`);
  }
  return 0;
}
