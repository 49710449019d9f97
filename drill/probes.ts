/** The plan's verification, run against the real thing. */

import type { Probe } from "../components/plan/plan.ts";
import { isEnding, isReady, type Kube, sleep } from "./kube.ts";
import { now, origin, type Route, send } from "./request.ts";

/** Times are milliseconds since the epoch. */
export interface ProbeResult {
  name: string;
  expected: string;
  found: string;
  /** Null: cannot be known here (no traffic, no logs in a simulated cluster). */
  passed: boolean | null;
  startedAt: number;
  endedAt: number;
}

export interface ProbeContext {
  kube: Kube;
  /** Null where there is no traffic. */
  route: Route | null;
  container: string;
  /** Milliseconds until a request counts as dropped. */
  timeoutMs: number;
  /** Aborted by Ctrl-C: what may still come is then not waited for. */
  signal: AbortSignal;
  /** What the stack's config holds at a path. */
  leverValue: (path: string) => Promise<string>;
}

type Finding = Pick<ProbeResult, "expected" | "found" | "passed">;

/**
 * Runs one probe. What the cluster still has to finish (pods that end, lines that are to be logged) is looked at again until
 * `deadline`; requests are sent once and count as they are answered. Never throws: an error is a probe that found it.
 */
export async function runProbe(probe: Probe, context: ProbeContext, deadline: number): Promise<ProbeResult> {
  const startedAt = now();
  let finding = await look(probe, context);
  while (finding.passed === false && probe.type !== "http" && probe.type !== "provider" && now() < deadline && !context.signal.aborted) {
    await sleep(250);
    finding = await look(probe, context);
  }
  return { name: probe.title, startedAt, endedAt: now(), ...finding };
}

async function look(probe: Probe, context: ProbeContext): Promise<Finding> {
  try {
    switch (probe.type) {
      case "http":
        return await lookAtStatus(probe, context);
      case "provider":
        return await lookAtProvider(probe, context);
      case "log":
        return await lookAtLogs(probe.selector, context, `"${probe.contains}" in`, (log) => log.includes(probe.contains));
      case "noLog":
        return await lookAtLogs(probe.selector, context, `no "${probe.lacks}" in`, (log) => !log.includes(probe.lacks));
      case "image":
        return await lookAtImages(probe, context);
      case "pods":
        return await lookAtPods(probe, context);
    }
  } catch (error) {
    return { expected: "an answer", found: error instanceof Error ? error.message : String(error), passed: false };
  }
}

async function lookAtStatus(probe: Probe & { type: "http" }, { route, timeoutMs }: ProbeContext): Promise<Finding> {
  const expected = `HTTP ${probe.status}`;
  if (route === null) return unknown(expected);
  const { status } = await send(route, { method: "GET", path: probe.path, timeoutMs });
  return { expected, found: `HTTP ${status}`, passed: status === probe.status };
}

async function lookAtProvider(probe: Probe & { type: "provider" }, { route, timeoutMs }: ProbeContext): Promise<Finding> {
  const expected = `${probe.of} of ${probe.of}: ${probe.provider}`;
  if (route === null) return unknown(expected);
  const counts = new Map<string, number>();
  let dropped = false;
  for (let sent = 0; sent < probe.of && !dropped; sent++) {
    const outcome = await send(route, { method: "POST", path: probe.path, body: JSON.stringify(probe.body), timeoutMs }).then(
      (answer) => (answer.status === 200 ? (origin(answer).provider ?? "an unnamed provider") : `HTTP ${answer.status}`),
      (error) => {
        // Each further one would only be waited for as long again.
        dropped = true;
        return error instanceof Error ? error.message : String(error);
      },
    );
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const found = [...counts].map(([outcome, count]) => `${count} of ${probe.of}: ${outcome}`).join(", ");
  return { expected, found, passed: counts.get(probe.provider) === probe.of };
}

async function lookAtLogs(
  selector: string,
  { kube, route, container }: ProbeContext,
  what: string,
  holds: (log: string) => boolean,
): Promise<Finding> {
  const expected = `${what} the log of every pod of ${selector}`;
  if (route === null) return unknown(expected);
  const pods = (await kube.pods(selector)).filter((pod) => !isEnding(pod));
  const others: string[] = [];
  for (const pod of pods) {
    const name = pod.metadata?.name ?? "";
    if (!holds(await kube.logs(name, container))) others.push(name);
  }
  if (pods.length === 0) return { expected, found: "no such pod", passed: false };
  return {
    expected,
    found: others.length === 0 ? `so in all ${pods.length}` : `not so in ${others.join(", ")}`,
    passed: others.length === 0,
  };
}

async function lookAtImages(probe: Probe & { type: "image" }, { kube, container, leverValue }: ProbeContext): Promise<Finding> {
  const wanted = await leverValue(probe.lever);
  const pods = (await kube.pods(probe.selector)).filter((pod) => !isEnding(pod));
  const images = pods.map((pod) => pod.spec?.containers.find(({ name }) => name === container)?.image ?? "none");
  const others = [...new Set(images.filter((image) => image !== wanted))];
  const found = images.length === 0 ? "no such pod" : others.length === 0 ? `so in all ${images.length}` : others.join(", ");
  return { expected: `every pod of ${probe.selector} runs ${wanted}`, found, passed: images.length > 0 && others.length === 0 };
}

async function lookAtPods(probe: Probe & { type: "pods" }, { kube }: ProbeContext): Promise<Finding> {
  const pods = await kube.pods(probe.selector);
  const ready = pods.filter(isReady).length;
  const expected = probe.count === 0 ? "no pod" : `${probe.count} ready`;
  const ending = pods.filter(isEnding).length;
  const found = `${ready} ready of ${pods.length}${ending > 0 ? ` (${ending} ending)` : ""}`;
  return { expected, found, passed: probe.count === 0 ? pods.length === 0 : ready === probe.count };
}

function unknown(expected: string): Finding {
  return { expected, found: "not real in a simulated cluster", passed: null };
}
