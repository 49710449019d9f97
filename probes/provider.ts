import type { Probe } from "../components/plan/plan.ts";
import { callOf } from "./call.ts";
import { type Finding, notReal, type ProbeContext } from "./context.ts";
import { origin, reason } from "./request.ts";

export async function lookAtProvider(probe: Probe & { type: "provider" }, { send, timeoutMs }: ProbeContext): Promise<Finding> {
  const expected = `${probe.of} of ${probe.of}: ${probe.provider}`;
  if (send === null) return notReal(expected);
  const counts = new Map<string, number>();
  let dropped = false;
  for (let sent = 0; sent < probe.of && !dropped; sent++) {
    const outcome = await send(callOf(probe, timeoutMs)).then(
      (answer) => (answer.status === 200 ? (origin(answer).provider ?? "an unnamed provider") : `HTTP ${answer.status}`),
      (error) => {
        // Each further one would only be waited for as long again.
        dropped = true;
        return reason(error);
      },
    );
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const found = [...counts].map(([outcome, count]) => `${count} of ${probe.of}: ${outcome}`).join(", ");
  return { expected, found, passed: counts.get(probe.provider) === probe.of };
}
