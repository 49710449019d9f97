import { accessCluster } from "../cluster/access.ts";
import { driftOf } from "../cluster/drift.ts";
import type { Live } from "../cluster/live.ts";
import { OperatorError } from "../operatorError.ts";
import { readHistory } from "../stack/history.ts";
import type { OpenStack } from "../stack/open.ts";
import { readState } from "../stack/state.ts";
import type { Past } from "./carryOut.ts";

/** How far back a way back is looked for. */
const updatesLookedAt = 50;

export async function readPast(stack: OpenStack): Promise<Past> {
  const [state, history, live] = await Promise.all([readState(stack), readHistory(stack, updatesLookedAt), seen(stack)]);
  const cutOff = state.pending.length > 0 || (history[0] !== undefined && history[0].result !== "succeeded");
  return { state, history, unsettled: cutOff || (live !== undefined && driftOf(state.resources, live).length > 0) };
}

/** The cluster as it is; nothing where it does not answer, which the update will say. */
async function seen(stack: OpenStack): Promise<Live | undefined> {
  try {
    const [access, { readLive }] = await Promise.all([accessCluster(stack), import("../cluster/live.ts")]);
    return await readLive(access, stack.plan.service);
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}
