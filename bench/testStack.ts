import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Pulumi } from "../pulumi/pulumi.ts";
import { pulumiEnvironment } from "../tools/environment.ts";
import { projectRoot } from "../tools/paths.ts";

/** A stack of one of the benchmark's programs (`bench/<program>/`), with its state and its settings in `folder`, which is made. */
export async function newTestStack(folder: string, program: string, settings: Record<string, string>): Promise<Pulumi> {
  const cwd = join(folder, "bench", program);
  // The engine writes the stack's settings beside the program.
  cpSync(join(projectRoot, "bench", program), cwd, { recursive: true });
  mkdirSync(folder, { recursive: true });
  for (const shared of ["components", "stacks", "node_modules"]) symlinkSync(join(projectRoot, shared), join(folder, shared));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const { PULUMI_BACKEND_URL: _, ...base } = process.env;
  const pulumi = new Pulumi({ cwd, env: pulumiEnvironment({ base, stateDir: folder }), stack: "bench", onLine: () => {} });
  await pulumi.run(["stack", "init", "bench"]);
  for (const [key, value] of Object.entries(settings)) await pulumi.run(["config", "set", key, value]);
  return pulumi;
}
