import type { Problem } from "../levers/errors.ts";
import type { Change } from "./change.ts";
import { allows, type Exemption, exemptionsOf, inForce } from "./exemption.ts";
import type { Guard } from "./guard.ts";
import { guards } from "./list.ts";
import type { RuleName } from "./names.ts";

type Problems = Partial<Record<RuleName, Problem[]>>;

/** What the guards say of a change. */
export interface Verdict {
  /** What holds it back: the policy pack refuses it, and without the pack it is said. */
  refused: Problems;
  /** What would hold back a rollout, and is only said of a rollback. */
  waived: Problems;
  /** What an exemption of the stack allows. */
  exempt: Problems;
  /** Every exemption in force, whether or not anything needed it. */
  exemptions: readonly Exemption[];
}

export function judge(change: Change, asked: readonly Guard[] = guards): Verdict {
  const exemptions = exemptionsOf(change.levers).filter((exemption) => inForce(exemption, change.now));
  const verdict: Verdict = { refused: {}, waived: {}, exempt: {}, exemptions };
  for (const guard of asked) {
    for (const problem of guard.check(change)) {
      const kind = outcome(guard, problem, change, exemptions);
      verdict[kind][guard.name] = [...(verdict[kind][guard.name] ?? []), problem];
    }
  }
  return verdict;
}

function outcome(
  { name, slowsRollouts }: Guard,
  { path }: Problem,
  { forward }: Change,
  exemptions: readonly Exemption[],
): "refused" | "waived" | "exempt" {
  if (slowsRollouts && forward.length === 0) return "waived";
  return exemptions.some((exemption) => allows(exemption, name, path)) ? "exempt" : "refused";
}
