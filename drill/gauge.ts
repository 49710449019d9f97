/** The two ways to see which state serves: load, or the API server's word where there is no traffic. */

import type { Level } from "../components/plan/plan.ts";
import { callOf } from "../probes/call.ts";
import type { ProbeResult } from "../probes/context.ts";
import { now } from "../probes/request.ts";
import { sleep } from "./kube.ts";
import type { LevelContext } from "./level.ts";
import { type Load, startLoad } from "./load.ts";
import { type Observer, startObserver } from "./observer.ts";
import { type LevelOutcome, nothingToDo } from "./outcome.ts";
import { failed, failureSummary, measure, type RequestRecord, type SafeState, toldToComeBack } from "./safety.ts";

export interface Gauge {
  /** What is seen just now, for a live line. */
  line(): string;
  /** Whether what was sent before `time` has been answered or given up. */
  answeredUntil(time: number): boolean;
  /** The part of the steady state that only watching for a while can show. */
  baseline(startedAt: number): ProbeResult[];
  /** Told once the level is carried out, where only then is known which answers are safe. */
  judgeBy(safe: SafeState): void;
  /** Whether safety was reached and has held. */
  settled(outcome: LevelOutcome): boolean;
  /** Ends it and writes records and measurement into the outcome. */
  stop(outcome: LevelOutcome): Promise<void>;
}

/** Starts the load, which is the first request with a body that the verification sends; or the looking, where `traffic` is null. */
export async function startGauge(
  { traffic, plan, kube, timeoutMs }: LevelContext,
  level: Level,
  outcome: Pick<LevelOutcome, "safe" | "maintenance">,
): Promise<Gauge> {
  if (traffic === null) return observerGauge(startObserver(kube, plan.service.name, outcome.safe));
  const session = [...level.verification, ...plan.verification].find((probe) => "body" in probe && probe.body !== undefined);
  if (session === undefined || !("path" in session))
    throw new Error(`level "${level.title}" verifies no request with a body, so its drill does not know what load to send`);
  const { target, rate } = traffic;
  const load = await startLoad({ target, rate, call: callOf(session, timeoutMs) });
  return loadGauge(load, rate, outcome);
}

function loadGauge(load: Load, rate: number, { safe: before, maintenance }: Pick<LevelOutcome, "safe" | "maintenance">): Gauge {
  let safe = before;
  const whoAnswered = (record: RequestRecord): string => {
    if (toldToComeBack(record, maintenance)) return "in maintenance";
    return failed(record) ? "failed" : `${record.track ?? "?"} (${record.provider ?? "?"})`;
  };
  return {
    judgeBy(after) {
      safe = after;
    },
    line() {
      const since = now() - 1000;
      const counts = new Map<string, number>();
      for (const record of load.records) {
        if (record.endedAt < since) continue;
        const who = whoAnswered(record);
        counts.set(who, (counts.get(who) ?? 0) + 1);
      }
      const shares = [...counts].sort((a, b) => a[0].localeCompare(b[0])).map(([who, count]) => `${who} ${count}/s`);
      const failures = load.records.filter((record) => failed(record) && !toldToComeBack(record, maintenance));
      return `${load.records.length} requests, ${failures.length} failed; ${shares.join(", ")}`;
    },
    baseline(startedAt) {
      const { failures, unsafeBefore, requests } = measure(load.records, { pulledAt: now(), safe });
      const times = { startedAt, endedAt: now() };
      const unanswered = requests === 0 ? "no answer at all" : failureSummary(failures).join("; ");
      const answered = failures.length === 0 && requests > 0;
      return [
        {
          name: "every request is answered",
          expected: "0 failed",
          found: answered ? `0 of ${requests} failed` : unanswered,
          passed: answered,
          ...times,
        },
        somethingToDo(unsafeBefore - failures.length, times),
      ];
    },
    answeredUntil: (time) =>
      load.records.filter((record) => record.scheduledAt < time).length >= Math.floor(((time - load.startedAt) / 1000) * rate),
    settled: ({ marks }) =>
      marks !== null && measure(load.records, { pulledAt: marks.pulledAt, safe, maintenance }).timeToSafetyMs !== null,
    async stop(outcome) {
      outcome.records = await load.stop();
      if (outcome.marks) outcome.measurement = measure(outcome.records, { pulledAt: outcome.marks.pulledAt, safe, maintenance });
    },
  };
}

function observerGauge(observer: Observer): Gauge {
  return {
    judgeBy: (safe) => observer.judgeBy(safe),
    line: () => (observer.safe ? "only safe pods behind the Service" : "unsafe pods behind the Service"),
    baseline: (startedAt) => [somethingToDo(observer.safe ? 0 : 1, { startedAt, endedAt: now() })],
    answeredUntil: () => true,
    settled: () => observer.safe,
    async stop(outcome) {
      const measurement = await observer.stop(outcome.marks?.pulledAt ?? now());
      if (outcome.marks) outcome.measurement = measurement;
    },
  };
}

function somethingToDo(unsafe: number, times: { startedAt: number; endedAt: number }): ProbeResult {
  const found = unsafe > 0 ? "there is" : nothingToDo;
  return {
    name: "there is something to roll back",
    expected: "answers from the state under suspicion",
    found,
    passed: unsafe > 0,
    ...times,
  };
}

/** Reports the gauge four times a second until `settled` or `until`; throws when `signal` is aborted. */
export async function watch(
  gauge: Gauge,
  report: (line: string) => void,
  signal: AbortSignal,
  settled: () => boolean,
  until: number,
): Promise<void> {
  while (now() < until && !settled()) {
    signal.throwIfAborted();
    report(gauge.line());
    await sleep(250);
  }
}
