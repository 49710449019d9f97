/** The closing table, for a terminal and for Markdown. */

import { styleText } from "node:util";
import { type DrillOutcome, type LevelOutcome, seconds, shortcomings } from "./outcome.ts";
import type { Measurement } from "./safety.ts";

/** Columns that stand only where a level has something to say in them. */
interface Shown {
  maintenance: boolean;
  saved: boolean;
}

const columns = ({ maintenance, saved }: Shown): string[] => [
  ...["level", "RTO", "time to safety", "pulumi up", "requests", "failed"],
  ...(maintenance ? ["in maintenance"] : []),
  ...(saved ? ["saved rows"] : []),
  ...["p95 before → after", "verified", ""],
];

/** One row a level, in the order of `columns`; the last cell is the verdict. */
function row(level: LevelOutcome, shown: Shown): string[] {
  const { measurement, marks } = level;
  const traffic = level.rate > 0 && measurement !== null;
  const counted = level.after.filter((probe) => probe.passed !== null);
  const skipped = level.after.length - counted.length;
  const verified = `${counted.filter((probe) => probe.passed).length}/${counted.length}${skipped > 0 ? ` (${skipped} not real here)` : ""}`;
  return [
    level.name,
    `${level.rtoSeconds} s`,
    measurement === null
      ? "–"
      : measurement.timeToSafetyMs === null
        ? "not reached"
        : `${seconds(measurement.timeToSafetyMs)}${level.rate > 0 ? "" : " (API server)"}`,
    marks === null ? "–" : seconds(marks.upEndedAt - marks.upStartedAt),
    traffic ? `${measurement.requests}` : level.rate > 0 ? "–" : "simulated: none",
    traffic ? `${measurement.failures.length}` : "–",
    ...(shown.maintenance ? [inMaintenance(measurement)] : []),
    ...(shown.saved ? [savedRows(level)] : []),
    traffic ? `${milliseconds(measurement.p95BeforeMs)} → ${milliseconds(measurement.p95AfterMs)}` : "–",
    verified,
    shortcomings(level).length === 0 ? "passed" : "FAILED",
  ];
}

function inMaintenance(measurement: Measurement | null): string {
  const maintenance = measurement?.maintenance ?? null;
  return maintenance === null ? "–" : `${maintenance.requests} for ${seconds(maintenance.durationMs)}`;
}

/** The worst of the counts: a row may be lost by the level, or by the way back. */
function savedRows({ saved }: LevelOutcome): string {
  const there = saved.map(({ told, missing }) => told - missing.length);
  return saved.length === 0 ? "–" : `${Math.min(...there)} of ${saved.at(-1)?.told}`;
}

function milliseconds(value: number | null): string {
  return value === null ? "–" : `${Math.round(value)} ms`;
}

interface Row {
  cells: string[];
  passed: boolean;
}

/** Titles and rows of some drills' levels; which system each belongs to, where there are several. */
function tableOf(outcomes: readonly DrillOutcome[]): { titles: string[]; rows: Row[] } {
  const several = outcomes.length > 1;
  const any = (has: (level: LevelOutcome) => boolean) => outcomes.some(({ levels }) => levels.some(has));
  const shown = { maintenance: any((level) => level.maintenance.length > 0), saved: any((level) => level.saved.length > 0) };
  const rows = outcomes.flatMap(({ system, levels }) =>
    levels.map((level) => ({
      cells: [...(several ? [system] : []), ...row(level, shown)],
      passed: shortcomings(level).length === 0,
    })),
  );
  return { titles: [...(several ? ["system"] : []), ...columns(shown)], rows };
}

/** Aligned for a terminal; colour follows the terminal's own setting. */
export function terminalTable(outcomes: readonly DrillOutcome[]): string {
  const { titles, rows } = tableOf(outcomes);
  const widths = titles.map((title, index) => Math.max(title.length, ...rows.map(({ cells }) => cells[index]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  return [styleText("bold", line(titles)), ...rows.map(({ cells, passed }) => styleText(passed ? "green" : "red", line(cells)))].join("\n");
}

/** The same as a GitHub table. */
export function markdownTable(outcomes: readonly DrillOutcome[]): string {
  const { titles, rows } = tableOf(outcomes);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const named = titles.map((title) => title || "result");
  return [line(named), line(named.map(() => "---")), ...rows.map(({ cells }) => line(cells))].join("\n");
}
