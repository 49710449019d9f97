import { type Config, pulled as pulledLever } from "../../components/levers/pulled.ts";
import type { Plan, PlanLever } from "../../components/plan/plan.ts";
import { credentialPaths, drillConfig } from "../../drill/stack.ts";
import { project } from "../../pulumi/stackFile.ts";

/** Stands in for every credential. */
export const credential = "a credential that no golden shows";

const imageOf = (committed: Config, lever: string): string | undefined => Object(committed[`${project}:${lever}`]).image;

/** The committed stack in the plan's before state: what a drill begins with, but with the stack's own images. */
export function beforeConfig(plan: Plan, committed: Config): Config {
  const current = imageOf(committed, "stable") ?? "";
  const operations = imageOf(committed, "verification");
  const config = drillConfig(committed, {
    plan,
    stack: plan.system,
    images: { current, previous: imageOf(committed, "previous") ?? current, operations },
    cluster: { kubeconfig: "", context: "" },
    environment: {},
    levers: { database: committed[`${project}:database`] as Record<string, unknown> | undefined },
  });
  const own = Object.fromEntries(Object.entries(config).filter(([key]) => key.startsWith(`${project}:`)));
  return credentialPaths(plan).reduce((now, path) => pulled(now, { path, value: credential }), own);
}

/** The config after a lever was pulled, as `pulumi config set --path` and `pulumi config rm --path` leave it. */
export function pulled(config: Config, lever: PlanLever): Config {
  const path = key(lever.path);
  return pulledLever(config, "sameAs" in lever ? { path, sameAs: key(lever.sameAs) } : { ...lever, path });
}

const key = (path: string): string => `${project}:${path}`;
