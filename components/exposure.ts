import { type Targeting, targetings } from "./flags/targeting.ts";
import type { Levers } from "./levers/levers.ts";
import type { Plan } from "./plan/plan.ts";
import { trackLevers } from "./trackLevers.ts";

/** How many get something new, and since when: what the plan's milestones and hold times are about. */
export interface Exposure {
  /** 0 to 100. */
  percentage: number;
  /** When the update was done that led there, in UTC: `2026-11-21T10:00:00.000Z`. */
  since: string;
}

/** By lever: `canary.weight`, `aiProvider`, and `flags.<flag>` for each flag of the plan. */
export type Exposures = Record<string, Exposure>;

/** Percentage of users or traffic that gets something new, by lever. For lists of people, whose share nobody knows, 0. */
export function exposures(plan: Plan, levers: Levers): Record<string, number> {
  const flags = Object.entries(targetings(plan, levers.flags)).map(([flag, targeting]) => {
    const share = shareOf(targeting);
    return [`flags.${flag}`, plan.flags.known[flag]?.safe === "on" ? 100 - share : share];
  });
  return { "canary.weight": levers.canary?.weight ?? 0, aiProvider: shareOfOtherProviders(plan, levers), ...Object.fromEntries(flags) };
}

const shareOf = ({ enabled, percentage, only }: Targeting): number => (enabled && Object.keys(only).length === 0 ? percentage : 0);

/** Percentage of the traffic that each provider answers. */
export function providerShares(plan: Plan, levers: Levers): Record<string, number> {
  const weight = levers.canary?.weight ?? 0;
  const share = { stable: 100 - weight, canary: weight, fallback: 0 };
  const shares: Record<string, number> = {};
  for (const { track, provider } of trackLevers(plan, levers)) shares[provider] = (shares[provider] ?? 0) + share[track];
  return shares;
}

const shareOfOtherProviders = (plan: Plan, levers: Levers): number =>
  Object.entries(providerShares(plan, levers)).reduce(
    (sum, [provider, share]) => sum + (provider === plan.providers.fallback ? 0 : share),
    0,
  );

/** What a verified update leaves: where nothing moved, it is so since the same time as before. */
export function exposuresSince(now: Record<string, number>, last: Exposures | undefined, at: Date): Exposures {
  return Object.fromEntries(
    Object.entries(now).map(([lever, percentage]) => {
      const before = last?.[lever];
      return [lever, before?.percentage === percentage ? before : { percentage, since: at.toISOString() }];
    }),
  );
}
