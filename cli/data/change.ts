/** What changes data is tried first, and done when somebody has agreed to what it would do. */

import { claimedBy, whileAlone } from "../change/claim.ts";
import { sentence, type Told } from "../change/intended.ts";
import { OperatorError } from "../operatorError.ts";
import type { Screen } from "../screen.ts";
import { busy, holderOf } from "../stack/busy.ts";
import type { Step } from "./job.ts";
import { stepOnScreen } from "./onScreen.ts";
import { recordWork } from "./record.ts";
import type { DataSystem } from "./system.ts";

export interface DataChange<T> {
  /** As it stands in the history: `rollback data recover <backup>`. */
  what: string;
  step: Step;
  /** Whether a result says that there is something to do. */
  does: (result: T) => boolean;
}

export interface Consent {
  /** Neither try nor ask. */
  confirm: boolean;
  json: boolean;
}

/**
 * Tries a change of data, asks, does it, and puts it into the stack's history. Without a terminal and without `confirm` it is only tried.
 * @returns what the step answered last.
 * @throws {OperatorError}
 */
export async function changeData<T>(
  system: DataSystem,
  change: DataChange<T>,
  told: Told,
  { confirm, json }: Consent,
  screen: Screen,
): Promise<T> {
  const { stack } = system;
  if (!confirm) {
    const tried = await stepOnScreen<T>(system, change.step, json, screen);
    if (!change.does(tried) || json || !screen.interactive) return tried;
    if (!(await screen.confirm("\nGo on?"))) throw new OperatorError("Nothing was changed.", "refused");
  }
  const holder = claimedBy(stack) ?? (await holderOf(stack));
  if (holder && !holder.gone) throw busy(stack, holder);
  const message = sentence(change, told);
  return whileAlone(stack, { by: told.by, doing: message }, async () => {
    const step = { ...change.step, args: [...change.step.args, "--confirm"] };
    const done = await stepOnScreen<T>(system, step, json, screen);
    if (change.does(done)) await recordWork(stack, message, screen);
    return done;
  });
}
