import { buildCommand } from "@stricli/core";
import type { Operator } from "../context.ts";
import { stackFlag } from "../flags.ts";

interface Flags {
  stack?: string;
  every: number;
  for?: number;
}

export const monitor = buildCommand<Flags, [], Operator>({
  docs: {
    brief: "Watch pods, errors, request rates and provider shares",
    fullDescription:
      "Shows what runs, again and again: on a terminal in place, elsewhere a line each time. Everything is read through the cluster's API server; rates are between one look and the next. Changes nothing. Ctrl-C ends it.",
    customUsage: [
      { input: "", brief: "Until Ctrl-C" },
      { input: "--for 300 --every 10 >> monitor.log", brief: "For five minutes, into a log" },
    ],
  },
  parameters: {
    flags: {
      stack: stackFlag,
      every: { kind: "parsed", parse: seconds, brief: "Seconds from look to look", default: "2" },
      for: { kind: "parsed", parse: seconds, brief: "Seconds after which it ends by itself", optional: true },
    },
  },
  async func({ every, for: ending, ...flags }) {
    const [stack, run] = await Promise.all([this.open(flags), import("../monitor/run.ts")]);
    const controller = new AbortController();
    const end = () => controller.abort();
    process.once("SIGINT", end).once("SIGTERM", end);
    // Whoever reads no further, like head, has seen enough.
    process.stdout.once("error", end);
    const timer = ending === undefined ? undefined : setTimeout(end, ending * 1000);
    try {
      await run.monitor(stack, { everySeconds: every, signal: controller.signal }, this.screen);
    } finally {
      clearTimeout(timer);
      process.off("SIGINT", end).off("SIGTERM", end);
    }
  },
});

function seconds(typed: string): number {
  const value = Number(typed);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error("expected a number of seconds, more than 0");
}
