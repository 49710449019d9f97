import type { Screen } from "../screen.ts";
import type { OpenStack } from "../stack/open.ts";
import type { State } from "../stack/state.ts";

/** The rollback itself never waits for it; the command does, at its end, for what is left of this. */
const withinSeconds = 20;

/** How long it takes. */
export const usually = `usually 1 or 2 s, at most ${withinSeconds} s`;

/** Keeps the evidence of every track in a folder, and says how that went: a rollback does not fail for it. */
export function keeping(stack: OpenStack, state: State, into: string, screen: Screen): () => Promise<void> {
  return async () => {
    const startedAt = performance.now();
    try {
      const [{ collectEvidence }, { showEvidence }] = await Promise.all([import("./collect.ts"), import("./show.ts")]);
      const found = await collectEvidence(stack, { track: undefined, into, withinSeconds, state: async () => state });
      const milliseconds = performance.now() - startedAt;
      // Said where progress is, so that it does not stand in the middle of the answer.
      showEvidence(found, milliseconds, { ...screen, print: (line = "") => screen.note(line) });
    } catch (error) {
      screen.note(`No evidence was kept: ${error instanceof Error ? error.message : error}`);
    }
  };
}
