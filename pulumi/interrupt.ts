/** Ctrl-C: the first ends the drill in order, the second gives up and says what is left to do, the third leaves at once. */

export interface Interrupts {
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  stopListening(): void;
}

/** A terminal, npm and the entry script may each pass on the same key press. */
const samePressMs = 1000;

/** `first` and `second` run when the person presses Ctrl-C (or SIGTERM arrives) for the first and second time. */
export function listenForInterrupts({ first, second }: { first: () => void; second: () => void }): Interrupts {
  const controller = new AbortController();
  let last = Number.NEGATIVE_INFINITY;
  let presses = 0;
  const press = () => {
    const since = performance.now() - last;
    if (since < samePressMs) return;
    last = performance.now();
    presses++;
    if (presses > 2) process.exit(130);
    if (presses === 2) return second();
    controller.abort(new Error("interrupted"));
    first();
  };
  process.on("SIGINT", press);
  process.on("SIGTERM", press);
  return {
    signal: controller.signal,
    stopListening() {
      process.off("SIGINT", press);
      process.off("SIGTERM", press);
    },
  };
}
