import type { Checks } from "./database/checks.ts";
import type { Probe } from "./plan/plan.ts";

/** What the verification Job is told: the JSON file that `operations/verify/` is given. */
export interface VerificationOrder {
  /** Where requests go. */
  url: string;
  /** The service's container in its pods. */
  container: string;
  requestTimeoutSeconds: number;
  /** How long probes that fail are looked at again, from the start: those that send requests, and those that look at the cluster. */
  patienceSeconds: { requests: number; cluster: number };
  /** What the levers are set to that probes name, by path. */
  leverValues: Record<string, string>;
  probes: Probe[];
  /** What the data have to answer after the probes, and how long one answer may take; nothing where there is nothing to ask. */
  integrity?: { checks: Checks; timeoutSeconds: number };
  /** Whether the cache has to answer after the probes, and how long that may take; nothing where there is none. */
  cache?: { timeoutSeconds: number };
}
