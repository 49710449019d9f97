import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import type { Plan } from "../../components/plan/plan.ts";
import { OperatorError } from "../operatorError.ts";

/** A checkout of rollback-stacks: where Pulumi.yaml is. */
export interface Project {
  folder: string;
  /** Before every lever's name in a stack's file. */
  name: string;
  plans: Record<string, () => Promise<Plan>>;
}

/** @throws {OperatorError} where no folder from `from` upwards is one. */
export async function findProject(from: string): Promise<Project> {
  const folder = ancestors(from).find((each) => existsSync(join(each, "Pulumi.yaml")) && existsSync(join(each, "stacks", "plans.ts")));
  if (folder === undefined) {
    throw new OperatorError(
      `${from} is in no checkout of rollback-stacks: no folder above it has Pulumi.yaml and stacks/plans.ts.\n    mend it with: cd <checkout>`,
      "usage",
    );
  }
  const { name } = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
  const { plans } = await import(join(folder, "stacks", "plans.ts"));
  return { folder, name, plans };
}

function ancestors(folder: string): string[] {
  const at = resolve(folder);
  return at === dirname(at) ? [at] : [at, ...ancestors(dirname(at))];
}

export const stackFile = ({ folder }: Project, stack: string): string => join(folder, "stacks", `Pulumi.${stack.split("/").at(-1)}.yaml`);

/** Stacks that have a file, in alphabetical order. */
export const stacksWithFile = ({ folder }: Project): string[] =>
  readdirSync(join(folder, "stacks"))
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
