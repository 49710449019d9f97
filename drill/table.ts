/** The closing table, for a terminal and for Markdown. */

import { styleText } from "node:util";
import { type DrillOutcome, type LevelOutcome, seconds, shortcomings } from "./outcome.ts";

const columns = ["level", "RTO", "time to safety", "pulumi up", "requests", "failed", "p95 before → after", "verified", ""] as const;

/** One row a level, in the order of `columns`; the last cell is the verdict. */
function row(level: LevelOutcome): string[] {
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
    traffic ? `${milliseconds(measurement.p95BeforeMs)} → ${milliseconds(measurement.p95AfterMs)}` : "–",
    verified,
    shortcomings(level).length === 0 ? "passed" : "FAILED",
  ];
}

function milliseconds(value: number | null): string {
  return value === null ? "–" : `${Math.round(value)} ms`;
}

/** Aligned for a terminal; colour follows the terminal's own setting. */
export function terminalTable(outcome: DrillOutcome): string {
  const rows = outcome.levels.map(row);
  const widths = columns.map((title, index) => Math.max(title.length, ...rows.map((cells) => cells[index]?.length ?? 0)));
  const line = (cells: readonly string[]) => cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ");
  const verdict = (text: string, index: number) => {
    const passed = outcome.levels[index] !== undefined && shortcomings(outcome.levels[index]).length === 0;
    return styleText(passed ? "green" : "red", text);
  };
  return [styleText("bold", line(columns)), ...rows.map((cells, index) => verdict(line(cells), index))]
    .map((text) => text.trimEnd())
    .join("\n");
}

/** The same as a GitHub table. */
export function markdownTable(outcome: DrillOutcome): string {
  const titles = columns.map((title) => title || "result");
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...outcome.levels.map((level) => line(row(level)))].join("\n");
}
