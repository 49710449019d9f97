/** What a drill found, as the table, the report, the timeline and the journal read it. Times are milliseconds since the epoch. */

import type { ProbeResult } from "../probes/context.ts";
import type { CommandRun } from "../pulumi/pulumi.ts";
import type { DatabaseSteps } from "./databaseSteps.ts";
import type { Restoration } from "./restoration.ts";
import { failureSummary, type MaintenanceWindow, type Measurement, type RequestRecord, type SafeState } from "./safety.ts";
import { lostRows, type SavedRows } from "./savedRows.ts";

/** What of the drill was real: everything, everything on the person's own cluster, or all but the node and the traffic. */
export type Ground = "node" | "context" | "simulated";

/** The moments of one pulled lever. */
export interface Marks {
  /** Just before `pulumi config set` was started. */
  pulledAt: number;
  /** Just before the first `pulumi up` was started. */
  upStartedAt: number;
  /** When the last one ended. */
  upEndedAt: number;
}

export interface LevelOutcome {
  name: string;
  title: string;
  rtoSeconds: number;
  safe: SafeState;
  /** When the level had declared maintenance. */
  maintenance: MaintenanceWindow[];
  startedAt: number;
  endedAt: number;
  /** Steady-state probes before the lever; a failed one means the lever was not pulled. */
  before: ProbeResult[];
  /** The plan's verification after it. */
  after: ProbeResult[];
  /** The literal commands, in order. */
  commands: CommandRun[];
  /** The commands that brought the before state back. */
  rollbacks: CommandRun[];
  marks: Marks | null;
  /** Of traffic; of the API server's objects in a simulated drill (then without requests). */
  measurement: Measurement | null;
  records: RequestRecord[];
  /** Each count of the rows that clients were told of; none where the system has no database in the drill. */
  saved: SavedRows[];
  /** What a restore lost and what came back of it; null of a level that restores nothing. */
  restoration: Restoration | null;
  /** What the steps on the database took; null of a level that changes nothing of it. */
  database: DatabaseSteps | null;
  /** Requests a second that were sent; 0 in a simulated drill. */
  rate: number;
  /** What went wrong outside the measure (a command failed, the before state could not be restored). */
  error: string | null;
}

export interface DrillOutcome {
  system: string;
  stack: string;
  ground: Ground;
  /** The first line of the drill: what is real. */
  reality: string;
  startedAt: number;
  endedAt: number;
  interrupted: boolean;
  levels: LevelOutcome[];
}

/** The `error` of a level that Ctrl-C ended. */
export const interrupted = "interrupted";

export const nothingToDo = "the state is safe already: the drill would prove nothing";

/** Every reason why a level did not pass, as a person would say it; empty means it passed. */
export function shortcomings(level: LevelOutcome): string[] {
  if (level.error === interrupted) return [interrupted];
  const found: string[] = [];
  if (level.error !== null) found.push(level.error);
  for (const probe of level.before) {
    if (probe.passed === false)
      found.push(`steady state before the lever: ${probe.name}: expected ${probe.expected}, found ${probe.found}`);
  }
  const { measurement } = level;
  if (measurement !== null) {
    const rtoMs = level.rtoSeconds * 1000;
    if (level.marks !== null && measurement.unsafeBefore === 0) found.push(nothingToDo);
    if (measurement.timeToSafetyMs === null) {
      found.push(`safety was not reached: answers that were not safe until the end of the load (RTO ${level.rtoSeconds} s)`);
    } else if (measurement.timeToSafetyMs > rtoMs) {
      found.push(`RTO missed: safe after ${seconds(measurement.timeToSafetyMs)}, ${level.rtoSeconds} s allowed`);
    }
    const dropped = measurement.failures.length;
    if (dropped > 0) {
      found.push(`${dropped} of ${measurement.requests} requests failed: ${failureSummary(measurement.failures).join("; ")}`);
    }
  }
  found.push(...(level.restoration?.problems ?? []), ...level.saved.flatMap(lostRows));
  for (const probe of level.after) {
    if (probe.passed === false) found.push(`verification: ${probe.name}: expected ${probe.expected}, found ${probe.found}`);
  }
  return found;
}

/** Whether every level passed. */
export function passed({ levels }: DrillOutcome): boolean {
  return levels.every((level) => shortcomings(level).length === 0);
}

/** "4.2 s"; `decimals` default 1. */
export function seconds(ms: number, decimals = 1): string {
  return `${(ms / 1000).toFixed(decimals)} s`;
}
