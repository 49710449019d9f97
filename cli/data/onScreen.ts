import type { Screen } from "../screen.ts";
import type { Step } from "./job.ts";
import { takeStep } from "./run.ts";
import type { DataSystem } from "./system.ts";

/** Takes a step with its lines on the screen as they come, and Ctrl-C for its end. With `json` they are on the way to the answer. */
export async function stepOnScreen<T>(system: DataSystem, step: Step, json: boolean, { print, note }: Screen): Promise<T> {
  const controller = new AbortController();
  const end = () => controller.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  try {
    return await takeStep<T>(system, step, {
      onLine: json ? note : print,
      onWaiting: (why) => note(`waiting: ${why}`),
      signal: controller.signal,
    });
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
  }
}
