import type { V1Pod } from "@kubernetes/client-node";
import type { Answer, Call } from "./request.ts";

/** What a probe asks of the cluster. */
export interface PodReader {
  /** The pods that a label selector matches, ending ones included. */
  pods(selector: string): Promise<V1Pod[]>;
  logs(pod: string, container: string, sinceSeconds?: number): Promise<string>;
}

/** Where probes run: outside through a relay, or inside the cluster. */
export interface ProbeContext {
  kube: PodReader;
  /** Sends a request to the service; throws an `Error` that says why there was no answer. Null where there is no traffic. */
  send: ((call: Call) => Promise<Answer>) | null;
  /** The service's container in its pods. */
  container: string;
  /** Milliseconds until a request counts as dropped. */
  timeoutMs: number;
  /** Aborted by Ctrl-C: what may still come is then not waited for. */
  signal: AbortSignal;
  /** What the stack's config holds at a path. */
  leverValue: (path: string) => Promise<string>;
}

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

export type Finding = Pick<ProbeResult, "expected" | "found" | "passed">;

export function notReal(expected: string): Finding {
  return { expected, found: "not real in a simulated cluster", passed: null };
}
