import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../components/plan/plan.ts";
import { Pulumi } from "../../pulumi/pulumi.ts";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { didYouMean } from "../nearest.ts";
import { OperatorError } from "../operatorError.ts";
import { findProject, type Project, stackFile, stacksWithFile } from "./project.ts";
import { readStackDocument, type StackDocument } from "./stackDocument.ts";

/** The stack that a command is about. */
export interface OpenStack {
  project: Project;
  name: string;
  env: NodeJS.ProcessEnv;
  plan: Plan;
  document: StackDocument;
  pulumi: Pulumi;
}

export interface Asked {
  /** As typed; else PULUMI_STACK, else the one that `pulumi stack select` chose. */
  stack: string | undefined;
  cwd: string;
}

const own = {
  // The engine writes what happens into a file only where this is set, as it is for the Automation API.
  PULUMI_DEBUG_COMMANDS: "true",
  // A rollback wins over what somebody changed by hand, which the cluster would otherwise hold against it.
  PULUMI_K8S_ENABLE_PATCH_FORCE: "true",
};

/** @throws {OperatorError} where there is no such stack, file or plan; {ToolError} where the file is not YAML. */
export async function openStack({ stack, cwd }: Asked): Promise<OpenStack> {
  const project = await findProject(cwd);
  const stateDir = join(project.folder, ".rollback");
  const env = { ...pulumiEnvironment({ stateDir }), ...own };
  const name = stack ?? (process.env.PULUMI_STACK || (await selected(project, env)));
  const file = stackFile(project, name);
  if (!existsSync(file)) {
    const known = stacksWithFile(project);
    throw new OperatorError(
      `there is no stack ${name}: stacks/ has no Pulumi.${name}.yaml.${didYouMean(name, known)} There are: ${known.join(", ")}.`,
      "usage",
    );
  }
  const document = readStackDocument(file, name, project.name);
  const system = String(document.levers.system);
  const load = project.plans[system];
  if (!load) {
    const known = Object.keys(project.plans);
    throw new OperatorError(
      `system: "${system}" of stack ${name} has no plan under stacks/.${didYouMean(system, known)} There are: ${known.join(", ")}.\n` +
        `    mend it with: pulumi config set system <system> --stack ${name}`,
      "refused",
    );
  }
  const pulumi = new Pulumi({ cwd: project.folder, env, stack: name, onLine: () => {} });
  return { project, name, env, plan: await load(), document, pulumi };
}

async function selected(project: Project, env: NodeJS.ProcessEnv): Promise<string> {
  const { PULUMI_STACK: _, ...unnamed } = env;
  const pulumi = new Pulumi({ cwd: project.folder, env: unnamed, stack: "", onLine: () => {} });
  const found = await pulumi.run(["stack", "--show-name", "--non-interactive"]).catch(() => undefined);
  const name = found?.stdout.trim();
  if (name) return name;
  throw new OperatorError(
    `which stack? None is selected. Name it: --stack <stack>, or export PULUMI_STACK=<stack>. There are: ${stacksWithFile(project).join(", ")}.`,
    "usage",
  );
}
