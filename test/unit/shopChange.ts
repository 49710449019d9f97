import { type Change, type ChangeArgs, describeChange } from "../../components/guards/change.ts";
import type { Guard } from "../../components/guards/guard.ts";
import { judge } from "../../components/guards/judge.ts";
import { checkLevers } from "../../components/levers/check.ts";
import { historySince, type ReleaseRecord } from "../../components/releaseRecord.ts";
import shop from "../engine/policies/shop.ts";

export const now = new Date("2026-11-21T12:00:00Z");

/** `now`, some days earlier. */
export const daysAgo = (days: number): string => new Date(now.getTime() - days * 24 * 3_600_000).toISOString();

const image = `registry.example/shop@sha256:${"a".repeat(64)}`;

/** The shop's levers with a canary of this weight, as its stack file has them. */
export const levers = (weight: number, more: Record<string, unknown> = {}) =>
  checkLevers(
    shop,
    {
      system: "shop",
      aiProvider: "gemini",
      stable: { image, aiProvider: "openai" },
      canary: { image, weight },
      credentials: { openai: { apiKey: "sk-one" }, gemini: { apiKey: "key-two" } },
      ...more,
    },
    "shop",
  );

/** What a verified update of the shop left a week ago. */
export function verified(weight: number, more: Record<string, unknown> = {}): ReleaseRecord {
  const history = historySince(
    describeChange({ plan: shop, levers: levers(weight, more), last: undefined, drills: {}, now }),
    new Date(daysAgo(7)),
  );
  return { tracks: [], selector: {}, settings: [], flags: [], credentials: {}, ...history };
}

interface ShopChange extends Partial<ChangeArgs> {
  from?: number;
  to: number;
  /** What else the stack's config says. */
  config?: Record<string, unknown>;
}

/** The shop's canary from one weight to another. */
export function shopChange({ from = 0, to, config, ...more }: ShopChange): Change {
  return describeChange({ plan: shop, levers: levers(to, config), last: verified(from), drills: {}, now, ...more });
}

/** Everything that a guard says of a change, and what comes of it. */
export function verdictOf(guard: Guard, change: Change) {
  const { refused, waived, exempt } = judge(change, [guard]);
  return { refused: refused[guard.name] ?? [], waived: waived[guard.name] ?? [], exempt: exempt[guard.name] ?? [] };
}
