import { readHistory } from "../stack/history.ts";
import type { OpenStack } from "../stack/open.ts";
import { readState } from "../stack/state.ts";
import type { Past } from "./carryOut.ts";

/** How far back a way back is looked for. */
const updatesLookedAt = 50;

export async function readPast(stack: OpenStack): Promise<Past> {
  const [state, history] = await Promise.all([readState(stack), readHistory(stack, updatesLookedAt)]);
  return { state, history };
}

/** Whether the last update was cut off or failed: what it left in the cluster may be more than the state knows. */
export const cutOff = ({ state, history }: Past): boolean =>
  state.pending.length > 0 || (history[0] !== undefined && history[0].result !== "succeeded");
