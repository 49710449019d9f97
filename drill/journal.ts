/**
 * The drill as a Chaos Toolkit journal (https://chaostoolkit.org/reference/api/journal/): `status`, `deviated`,
 * `steady_states.before` / `.after`, `run[]`, `rollbacks[]`. One journal holds all levels; activities carry the level's name.
 */

import type { ProbeResult } from "../probes/context.ts";
import type { CommandRun } from "../pulumi/pulumi.ts";
import type { DrillOutcome, LevelOutcome } from "./outcome.ts";
import { shortcomings } from "./outcome.ts";
import { failureSummary, percentile } from "./safety.ts";

/** What journal.json holds; dates are ISO 8601 in UTC, durations seconds. */
export function journal(outcome: DrillOutcome, version: string) {
  const deviated = outcome.levels.some((level) => level.after.some((probe) => probe.passed === false));
  return {
    "rollback-stacks-version": version,
    platform: outcome.reality,
    experiment: {
      title: `Rollback drill of ${outcome.system}`,
      description: `Pulls the levers of ${outcome.levels.map((level) => level.name).join(", ")} under load, each measured against its RTO`,
      "steady-state-hypothesis": { title: "Every request is answered, by the known-good state once a lever was pulled" },
    },
    start: iso(outcome.startedAt),
    status: outcome.interrupted ? "interrupted" : outcome.levels.some((level) => level.error !== null) ? "aborted" : status(outcome),
    deviated,
    steady_states: {
      before: steadyState(outcome.levels, (level) => level.before),
      after: steadyState(outcome.levels, (level) => level.after),
      during: [],
    },
    run: outcome.levels.flatMap((level) => level.commands.map((run) => commandActivity(level, run))),
    rollbacks: outcome.levels.flatMap((level) => level.rollbacks.map((run) => commandActivity(level, run))),
    levels: outcome.levels.map(levelEntry),
    end: iso(outcome.endedAt),
    duration: (outcome.endedAt - outcome.startedAt) / 1000,
  };
}

function status(outcome: DrillOutcome): "completed" | "failed" {
  return outcome.levels.every((level) => shortcomings(level).length === 0) ? "completed" : "failed";
}

function steadyState(levels: readonly LevelOutcome[], probesOf: (level: LevelOutcome) => readonly ProbeResult[]) {
  const probes = levels.flatMap((level) => probesOf(level).map((probe) => ({ level, probe })));
  return {
    steady_state_met: probes.length > 0 && probes.every(({ probe }) => probe.passed !== false),
    probes: probes.map(({ level, probe }) => ({
      activity: { type: "probe", name: `${level.name}: ${probe.name}`, tolerance: probe.expected },
      output: probe.found,
      status: probe.passed === null ? "skipped" : "succeeded",
      tolerance_met: probe.passed,
      start: iso(probe.startedAt),
      end: iso(probe.endedAt),
      duration: (probe.endedAt - probe.startedAt) / 1000,
    })),
  };
}

function commandActivity(level: LevelOutcome, run: CommandRun) {
  return {
    activity: {
      type: "action",
      name: `${level.name}: ${run.command}`,
      provider: { type: "process", path: "pulumi", arguments: run.command },
    },
    output: { exit_code: run.exitCode },
    status: run.exitCode === 0 ? "succeeded" : "failed",
    start: iso(run.startedAt),
    end: iso(run.endedAt),
    duration: (run.endedAt - run.startedAt) / 1000,
  };
}

function levelEntry(level: LevelOutcome) {
  const { measurement, marks } = level;
  const found = shortcomings(level);
  return {
    name: level.name,
    title: level.title,
    passed: found.length === 0,
    shortcomings: found,
    rto_seconds: level.rtoSeconds,
    safe_state: level.safe,
    lever_pulled: marks && iso(marks.pulledAt),
    time_to_safety_seconds: measurement?.timeToSafetyMs == null ? null : measurement.timeToSafetyMs / 1000,
    saved_rows: level.saved.map(({ after, told, missing }) => ({ after, told, there: told - missing.length, missing })),
    restoration: level.restoration,
    database: level.database,
    up_seconds: marks && (marks.upEndedAt - marks.upStartedAt) / 1000,
    load: level.rate > 0 &&
      measurement !== null && {
        requests_per_second: level.rate,
        requests: measurement.requests,
        failed: measurement.failures.length,
        failures: failureSummary(measurement.failures),
        maintenance: measurement.maintenance && {
          told_to_come_back: measurement.maintenance.requests,
          seconds: measurement.maintenance.durationMs / 1000,
        },
        generator_worst_lag_ms: Math.round(measurement.worstLagMs),
        latency_ms: {
          p50: percentile(
            level.records.map((record) => record.latencyMs),
            50,
          ),
          p95_before: measurement.p95BeforeMs,
          p95_after: measurement.p95AfterMs,
        },
      },
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
