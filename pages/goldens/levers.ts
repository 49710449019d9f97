import { isObject } from "../../components/levers/scalars.ts";
import { pull } from "../../components/plan/flagStates.ts";
import type { Plan, PlanLever } from "../../components/plan/plan.ts";
import { credentialPaths, drillConfig, project } from "../../drill/stack.ts";

type Config = Record<string, unknown>;

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
  });
  const own = Object.fromEntries(Object.entries(config).filter(([key]) => key.startsWith(`${project}:`)));
  return credentialPaths(plan).reduce((now, path) => set(now, path, credential), own);
}

/** The config after a lever was pulled, as `pulumi config set --path` and `pulumi config rm --path` leave it. */
export function pulled(config: Config, lever: PlanLever): Config {
  if ("value" in lever) return set(config, lever.path, lever.value);
  return set(config, lever.path, "sameAs" in lever ? get(config, lever.sameAs) : undefined);
}

const keys = (path: string): string[] => `${project}:${path}`.split(".");

const set = (config: Config, path: string, value: unknown): Config => pruned(pull(config, keys(path), value));

const get = (config: Config, path: string): unknown => keys(path).reduce<unknown>((holder, key) => Object(holder)[key], config);

/** Without what is undefined. */
function pruned(value: Config): Config {
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(kept.map(([key, inner]) => [key, isObject(inner) ? pruned(inner) : inner]));
}
