import { CommandError } from "../../pulumi/pulumi.ts";
import type { Screen } from "../screen.ts";
import { takeUp } from "../stack/cutOff.ts";
import type { OpenStack } from "../stack/open.ts";
import type { State } from "../stack/state.ts";

/** Has the update that follows see to what one that was killed was at. A rollback goes on where that cannot be. */
export async function settle(stack: OpenStack, { pending }: State, { note }: Screen): Promise<void> {
  if (pending.length === 0) return;
  const names = pending.map(({ name }) => name).join(", ");
  try {
    await takeUp(stack);
    note(`Took up what an update that was cut off was at: ${names}.`);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    note(`What an update that was cut off was at may be left in the cluster: ${names}. The state did not take it up: ${error.message}`);
  }
}
