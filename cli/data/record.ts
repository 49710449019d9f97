import type { Screen } from "../screen.ts";
import type { OpenStack } from "../stack/open.ts";
import { readState } from "../stack/state.ts";

/**
 * Puts work on data into Pulumi's own history, which every backend has: as a refresh of the stack's root alone, which looks at nothing in
 * the cluster and changes nothing. The work is done: where it cannot be recorded, that is said.
 */
export async function recordWork(stack: OpenStack, message: string, { note }: Screen): Promise<void> {
  try {
    const { resources } = await readState(stack);
    const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    if (!root) throw new Error("it has had no update yet");
    await stack.pulumi.run(["refresh", "--yes", "--skip-preview", "--target", root.urn, "--message", message]);
  } catch (error) {
    note(`Done, and not in the history of stack ${stack.name}: ${error instanceof Error ? error.message : error}`);
  }
}
