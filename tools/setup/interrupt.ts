const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs `body` with a signal that Ctrl-C aborts, so that what it started is ended before the process is. */
export async function untilInterrupted<T>(body: (signal: AbortSignal, abort: () => void) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const signal of signals) process.on(signal, abort);
  try {
    return await body(controller.signal, abort);
  } finally {
    for (const signal of signals) process.off(signal, abort);
  }
}
