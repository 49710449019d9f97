import type { FlagLevers } from "../levers/flags.ts";
import { type Audience, audiences } from "../plan/flag.ts";
import type { Plan } from "../plan/plan.ts";
import { type Targeting, targetings } from "./targeting.ts";

/** What an app puts into the evaluation context; the user is OpenFeature's own targeting key. */
export const contextKeys: Record<Audience, string> = {
  users: "targetingKey",
  tenants: "tenant",
  segments: "segment",
  endpoints: "endpoint",
  models: "model",
};

/** Flag definitions as flagd reads them (https://flagd.dev/reference/flag-definitions). */
export interface FlagdDefinitions {
  $schema: string;
  metadata: { flagSetId: string };
  flags: Record<string, FlagdFlag>;
}

interface FlagdFlag {
  /** Never DISABLED: the app's own default would answer then, whatever that is. */
  state: "ENABLED";
  variants: { on: true; off: false };
  /** The safe variant: it answers when the rules cannot, as for a share of users where no user is known. */
  defaultVariant: "on" | "off";
  targeting: { if: unknown[] };
  metadata: Record<string, string>;
}

const isIn = (audience: Audience, list: readonly string[]) => ({ in: [{ var: contextKeys[audience] }, list] });

/** The first rule that holds decides: kill, user, tenant, segment, endpoint, model, then the share. */
function rules({ enabled, percentage, only, except }: Targeting): unknown[] {
  const lists = audiences.flatMap((audience) => {
    const [denied, allowed] = [except[audience], only[audience]];
    return [...(denied ? [isIn(audience, denied), "off"] : []), ...(allowed ? [{ "!": [isIn(audience, allowed)] }, "off"] : [])];
  });
  // Buckets are ranges of a hash of flag and user: with "on" first and the weights' sum constant, a smaller share is part of a larger one.
  const share =
    percentage === 100
      ? "on"
      : {
          fractional: [
            ["on", percentage],
            ["off", 100 - percentage],
          ],
        };
  return [!enabled, "off", ...lists, share];
}

/** The plan's flags and the stack's levers as flagd definitions. */
export function flagdDefinitions(plan: Pick<Plan, "system" | "flags">, levers: FlagLevers): FlagdDefinitions {
  const flags = Object.entries(targetings(plan, levers)).map(([key, targeting]): [string, FlagdFlag] => {
    const { safe, description, rows } = plan.flags.known[key] as Plan["flags"]["known"][string];
    return [
      key,
      {
        state: "ENABLED",
        variants: { on: true, off: false },
        defaultVariant: safe,
        targeting: { if: rules(targeting) },
        metadata: { plan: plan.system, rows: rows.join(" "), description },
      },
    ];
  });
  return {
    $schema: "https://flagd.dev/schema/v0/flags.json",
    metadata: { flagSetId: plan.system },
    flags: Object.fromEntries(flags),
  };
}
