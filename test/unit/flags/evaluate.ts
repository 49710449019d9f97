import { DefaultLogger } from "@openfeature/core";
import { FlagdCore, MemoryStorage } from "@openfeature/flagd-core";
import { flagEnvironment } from "../../../components/flags/environment.ts";
import { contextKeys, flagdDefinitions } from "../../../components/flags/flagd.ts";
import type { FlagLevers } from "../../../components/levers/flags.ts";
import { audiences } from "../../../components/plan/flag.ts";
import type { Plan } from "../../../components/plan/plan.ts";
import { type Caller, isOn, type Switch } from "../../../demo/service/switch.ts";

export type Evaluate = (flag: string, caller: Caller) => boolean;

const logger = new DefaultLogger();

/** flagd's own evaluation of the definitions; they must satisfy its schema. */
export function byFlagd(plan: Plan, levers: FlagLevers): Evaluate {
  const storage = new MemoryStorage(logger);
  storage.setConfigurations(JSON.stringify(flagdDefinitions(plan, levers)), true);
  const core = new FlagdCore(storage, logger);
  return (flag, { user, ...caller }) => {
    const context = { ...(user !== undefined && { [contextKeys.users]: user }), ...caller } as Record<string, string>;
    const { value, errorCode } = core.resolveBooleanEvaluation(flag, false, context, logger);
    if (errorCode) throw new Error(`${flag}: ${errorCode}`);
    return value;
  };
}

const kinds = { users: "user", tenants: "tenant", segments: "segment", endpoints: "endpoint", models: "model" } as const;

/** The demo service's evaluation of the environment, its variables found by the names in the plan. */
export function byEnvironment(plan: Plan, levers: FlagLevers): Evaluate {
  const environment = flagEnvironment(plan, levers);
  const read = (variable: string | undefined): string => (variable === undefined ? "" : (environment[variable] ?? ""));
  const switches = Object.entries(plan.flags.known).map(([key, { env }]): [string, Switch] => {
    const lists = (side: "only" | "except"): Switch["only"] =>
      Object.fromEntries(audiences.map((audience) => [kinds[audience], read(env?.[side][audience]).split(",").filter(Boolean)]));
    const percentage = Number(read(env?.percentage) || 100);
    return [key, { key, enabled: read(env?.enabled) === "true", percentage, only: lists("only"), except: lists("except") }];
  });
  const byName = Object.fromEntries(switches);
  return (flag, caller) => isOn(byName[flag] as Switch, caller);
}
