import type { Probe } from "../components/plan/plan.ts";
import { type Finding, notReal, type ProbeContext } from "./context.ts";
import { isPresent } from "./podState.ts";

export async function lookAtLogs(
  { selector, sinceSeconds }: Probe & { type: "log" | "noLog" },
  { kube, send, container }: ProbeContext,
  what: string,
  holds: (log: string) => boolean,
): Promise<Finding> {
  const since = sinceSeconds === undefined ? "" : `, of the last ${sinceSeconds} s`;
  const expected = `${what} the log of every pod of ${selector}${since}`;
  if (send === null) return notReal(expected);
  const pods = (await kube.pods(selector)).filter(isPresent);
  const others: string[] = [];
  for (const pod of pods) {
    const name = pod.metadata?.name ?? "";
    if (!holds(await kube.logs(name, container, sinceSeconds))) others.push(name);
  }
  if (pods.length === 0) return { expected, found: "no such pod", passed: false };
  return {
    expected,
    found: others.length === 0 ? `so in all ${pods.length}` : `not so in ${others.join(", ")}`,
    passed: others.length === 0,
  };
}
