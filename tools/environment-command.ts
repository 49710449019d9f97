import { existsSync } from "node:fs";
import { join } from "node:path";
import { exportLines, pulumiVariables } from "./environment.ts";
import { ToolError } from "./errors.ts";
import { pulumiBinDir } from "./paths.ts";

/** `npm run env`: the variables for the user's own shell, on standard output. */
export async function environmentCommand(argv: string[]): Promise<number> {
  if (argv.length > 0) throw new ToolError(`env takes no arguments, got ${argv.join(" ")}`, 2);
  console.log(exportLines(pulumiVariables()));
  if (!existsSync(join(pulumiBinDir, "pulumi"))) console.error("Pulumi is not set up yet: run `npm run setup` before `npx pulumi`.");
  return 0;
}
