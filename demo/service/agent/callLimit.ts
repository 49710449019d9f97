/** Calls that one customer may make in a window, and its length (row E9). */
export const callsPerWindow = 10;
export const windowMs = 60_000;

/** Whether a customer may make one more call now; one that is refused does not count. In memory: each pod has a count of its own. */
export function createCallLimit(now: () => number = Date.now): (customer: string) => boolean {
  const calls = new Map<string, number[]>();
  let swept = now();
  return (customer) => {
    const time = now();
    const recent = (list: readonly number[] = []) => list.filter((at) => at > time - windowMs);
    if (time - swept >= windowMs) {
      for (const [other, list] of calls) if (recent(list).length === 0) calls.delete(other);
      swept = time;
    }
    const mine = recent(calls.get(customer));
    const allowed = mine.length < callsPerWindow;
    calls.set(customer, allowed ? [...mine, time] : mine);
    return allowed;
  };
}
