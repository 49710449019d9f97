import { listenForInterrupts } from "../../pulumi/interrupt.ts";
import type { Pulumi } from "../../pulumi/pulumi.ts";
import { exitCodes } from "../exitCodes.ts";

/** Runs `body`; the first Ctrl-C has the running update end its step and release its lock, the second leaves at once. */
export async function interruptible<T>(pulumi: Pulumi, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupts = listenForInterrupts({
    first() {
      process.stderr.write("\nInterrupted: ending the running step (Ctrl-C again to stop at once).\n");
      void pulumi.interrupt();
    },
    second() {
      process.stderr.write("\nStopped. The update may still be running: rollback status\n");
      process.exit(exitCodes.interrupted);
    },
  });
  try {
    return await body(interrupts.signal);
  } finally {
    interrupts.stopListening();
  }
}
