/** The closing table, for a terminal and for Markdown. */

import { styleText } from "node:util";
import { type DrillOutcome, type LevelOutcome, seconds, shortcomings } from "./outcome.ts";
import type { Measurement } from "./safety.ts";

/** The columns, with one for maintenance where a level declares any. */
const columns = (maintenance: boolean): string[] => [
  ...["level", "RTO", "time to safety", "pulumi up", "requests", "failed"],
  ...(maintenance ? ["in maintenance"] : []),
  ...["p95 before → after", "verified", ""],
];

/** One row a level, in the order of `columns`; the last cell is the verdict. */
function row(level: LevelOutcome, maintenance: boolean): string[] {
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
    ...(maintenance ? [inMaintenance(measurement)] : []),
    traffic ? `${milliseconds(measurement.p95BeforeMs)} → ${milliseconds(measurement.p95AfterMs)}` : "–",
    verified,
    shortcomings(level).length === 0 ? "passed" : "FAILED",
  ];
}

function inMaintenance(measurement: Measurement | null): string {
  const maintenance = measurement?.maintenance ?? null;
  return maintenance === null ? "–" : `${maintenance.requests} for ${seconds(maintenance.durationMs)}`;
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
  const maintenance = outcomes.some(({ levels }) => levels.some((level) => level.maintenance.length > 0));
  const rows = outcomes.flatMap(({ system, levels }) =>
    levels.map((level) => ({
      cells: [...(several ? [system] : []), ...row(level, maintenance)],
      passed: shortcomings(level).length === 0,
    })),
  );
  return { titles: [...(several ? ["system"] : []), ...columns(maintenance)], rows };
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
