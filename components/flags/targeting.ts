import { type FlagLever, type FlagLevers, saysForWhom } from "../levers/flags.ts";
import { type Audience, audiences } from "../plan/flag.ts";
import type { Plan } from "../plan/plan.ts";

export type Lists = Partial<Record<Audience, readonly string[]>>;

/**
 * For whom a flag is on: for whoever is in every list of `only`, in none of `except`, and in the share. Each part narrows and none
 * widens, so whatever is added to it in an emergency takes the flag away from someone and gives it to nobody.
 */
export interface Targeting {
  enabled: boolean;
  /** 0 to 100. */
  percentage: number;
  only: Lists;
  except: Lists;
}

function targetingOf(lever: FlagLever = {}, byDefault: boolean): Targeting {
  const { enabled = saysForWhom(lever) || byDefault, percentage = 100, only = {}, except = {} } = lever;
  return { enabled, percentage, only, except };
}

function merge(a: Lists, b: Lists, both: (a: readonly string[], b: readonly string[]) => readonly string[]): Lists {
  const merged = audiences.map((audience) => {
    const [left, right] = [a[audience], b[audience]];
    return [audience, left && right ? both(left, right) : (left ?? right)] as const;
  });
  return Object.fromEntries(merged.filter(([, list]) => list));
}

/** On for whoever both are on for. */
export function narrow(a: Targeting, b: Targeting): Targeting {
  return {
    enabled: a.enabled && b.enabled,
    percentage: Math.min(a.percentage, b.percentage),
    only: merge(a.only, b.only, (left, right) => left.filter((entry) => right.includes(entry))),
    except: merge(a.except, b.except, (left, right) => [...new Set([...left, ...right])]),
  };
}

/** For whom each of a plan's flags is on: its own lever, narrowed by those of its groups. */
export function targetings({ flags }: Pick<Plan, "flags">, levers: FlagLevers): Record<string, Targeting> {
  return Object.fromEntries(
    Object.entries(flags.known).map(([name, flag]) => {
      const groups = Object.entries(flags.groups).filter(([, { members }]) => members.includes(name));
      const own = targetingOf(levers[name], flag.default);
      return [name, groups.map(([group]) => targetingOf(levers[group], true)).reduce(narrow, own)];
    }),
  );
}
