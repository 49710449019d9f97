import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../components/plan/plan.ts";
import { plans } from "../stacks/plans.ts";
import { ToolError } from "../tools/errors.ts";
import { projectRoot } from "../tools/paths.ts";

/** A command that writes `docs/<name>/<system>.<extension>` from every plan. Returns its exit code. */
export async function writePlanPages(name: string, extension: string, page: (plan: Plan) => string, argv: string[]): Promise<number> {
  if (argv.length > 0) throw new ToolError(`npm run ${name} takes no arguments, not "${argv[0]}"`, 2);
  const folder = join(projectRoot, "docs", name);
  mkdirSync(folder, { recursive: true });
  for (const [system, load] of Object.entries(plans)) {
    writeFileSync(join(folder, `${system}.${extension}`), page(await load()));
    console.log(`docs/${name}/${system}.${extension}`);
  }
  return 0;
}
