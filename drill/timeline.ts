/** The picture of a drill: who answered, how fast, and when the lever worked. One SVG, one band a level. */

import { type DrillOutcome, type LevelOutcome, seconds } from "./outcome.ts";
import { element, escapeXml, niceStep, type Scale, scale, text } from "./svg.ts";
import { answers, answersHeight, colours, latencies, latencyHeight, plot, type Series, seriesOf, width } from "./timelinePanels.ts";

/** The whole picture as SVG text. */
export function timelineSvg(outcome: DrillOutcome): string {
  let top = 58;
  const bands: string[] = [];
  for (const level of outcome.levels) {
    if (level.marks === null) continue;
    const band = level.records.length > 0 ? trafficBand(level, top) : commandBand(level, top);
    bands.push(band.svg);
    top += band.height + 28;
  }
  const height = top;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
      `font-family="-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif" role="img" ` +
      `aria-label="${escapeXml(`Timeline of the ${outcome.system} drill`)}">`,
    element("rect", { width, height, rx: 8, fill: "#ffffff", stroke: "#d1d9e0" }),
    text(24, 30, `${outcome.system} · rollback drill · ${new Date(outcome.startedAt).toISOString().slice(0, 16).replace("T", " ")} UTC`, {
      size: 17,
      weight: 600,
      fill: colours.ink,
    }),
    text(24, 49, outcome.reality, { size: 12, fill: colours.muted }),
    ...bands,
    "</svg>\n",
  ].join("\n");
}

/** Answers a second, their latency, and the commands, on one time axis that starts where the lever was pulled. */
function trafficBand(level: LevelOutcome, top: number): { svg: string; height: number } {
  const zero = level.marks?.pulledAt ?? level.startedAt;
  const times = level.records.map((record) => (record.endedAt - zero) / 1000);
  const from = Math.floor(Math.min(...times));
  const to = Math.ceil(Math.max(...times, ((level.marks?.upEndedAt ?? zero) - zero) / 1000 + 0.5));
  const x = scale(from, to, plot.left, plot.right);
  const series = seriesOf(level);
  const marks = marksOf(level);
  const answersTop = top + 52 + marks.length * 17;
  const latencyTop = answersTop + answersHeight + 26;
  const commandsTop = latencyTop + latencyHeight + 12;
  const svg = [
    heading(level, top),
    legend(series, top + 40),
    windowOf(level, x, answersTop, latencyTop + latencyHeight),
    answers(series, level, x, answersTop, from, to),
    latencies(series, x, latencyTop, zero),
    commandLane(level, x, commandsTop, zero),
    markLines(marks, x, top + 62, latencyTop + latencyHeight),
    timeAxis(x, from, to, commandsTop + 22),
  ].join("\n");
  return { svg, height: commandsTop + 44 - top };
}

/** Without traffic there is only what was run and what the API server showed. */
function commandBand(level: LevelOutcome, top: number): { svg: string; height: number } {
  const zero = level.marks?.pulledAt ?? level.startedAt;
  const to = Math.ceil(((level.marks?.upEndedAt ?? zero) - zero) / 1000 + 0.5);
  const x = scale(-1, to, plot.left, plot.right);
  const marks = marksOf(level);
  const laneTop = top + 40 + marks.length * 17;
  const svg = [
    heading(level, top),
    commandLane(level, x, laneTop, zero),
    markLines(marks, x, top + 46, laneTop + 16),
    timeAxis(x, -1, to, laneTop + 24),
  ].join("\n");
  return { svg, height: laneTop + 46 - top };
}

function heading(level: LevelOutcome, top: number): string {
  const { measurement } = level;
  const safety = measurement?.timeToSafetyMs == null ? "safety not reached" : `safe after ${seconds(measurement.timeToSafetyMs)}`;
  const maintained = measurement?.maintenance ? ` · in maintenance for ${seconds(measurement.maintenance.durationMs)}` : "";
  const requests =
    level.rate > 0 && measurement ? `${maintained} · ${measurement.failures.length} of ${measurement.requests} requests failed` : "";
  return (
    element("line", { x1: 24, x2: width - 24, y1: top, y2: top, stroke: colours.grid }) +
    text(24, top + 22, `${level.name}: ${level.title}`, { size: 15, weight: 600, fill: colours.ink }) +
    text(width - 24, top + 22, `${safety} (RTO ${level.rtoSeconds} s)${requests}`, { size: 13, fill: colours.ink, anchor: "end" })
  );
}

function legend(series: readonly Series[], y: number): string {
  let x = 24;
  const parts: string[] = [];
  for (const { label, colour, records } of series) {
    const entry = `${label} (${records.length})`;
    parts.push(
      element("rect", { x, y: y - 10, width: 12, height: 12, rx: 2, fill: colour }),
      text(x + 18, y, entry, { size: 13, fill: colours.ink }),
    );
    x += 18 + entry.length * 7 + 22;
  }
  return parts.join("");
}

function windowOf(level: LevelOutcome, x: Scale, top: number, bottom: number): string {
  const safeAfter = level.measurement?.timeToSafetyMs;
  if (safeAfter == null) return "";
  return element("rect", { x: x(0), y: top, width: Math.max(1, x(safeAfter / 1000) - x(0)), height: bottom - top, fill: colours.window });
}

function commandLane(level: LevelOutcome, x: Scale, top: number, zero: number): string {
  return level.commands
    .map((run) => {
      const left = x((run.startedAt - zero) / 1000);
      const right = x((run.endedAt - zero) / 1000);
      const fits = right - left > run.command.length * 6.4;
      return (
        element("rect", { x: left, y: top, width: Math.max(2, right - left - 1), height: 16, rx: 3, fill: "#8250df" }) +
        (fits ? text(left + 6, top + 12, run.command, { size: 11.5, fill: "#ffffff", mono: true }) : "")
      );
    })
    .join("");
}

interface Mark {
  at: number;
  label: string;
  colour: string;
}

function marksOf(level: LevelOutcome): Mark[] {
  const { marks, measurement } = level;
  if (marks === null) return [];
  const after = (time: number) => (time - marks.pulledAt) / 1000;
  const found: Mark[] = [
    {
      at: 0,
      label: shortened(
        `lever pulled: ${level.commands
          .filter((run) => run.startedAt < marks.upStartedAt)
          .map((run) => run.command)
          .join(" && ")}`,
      ),
      colour: "#8250df",
    },
    { at: after(marks.upStartedAt), label: "pulumi up started", colour: "#8250df" },
    { at: after(marks.upEndedAt), label: "pulumi up finished", colour: "#8250df" },
  ];
  const safe = measurement?.timeToSafetyMs;
  if (safe != null)
    found.push({ at: safe / 1000, label: level.rate > 0 ? "safe: last unsafe answer ended" : "safe in the API server", colour: "#0b7a75" });
  return found.sort((a, b) => a.at - b.at);
}

/** What the picture's width has room for; the report's table has the commands in full. */
function shortened(label: string): string {
  const longest = 68;
  return label.length > longest ? `${label.slice(0, longest - 1)}…` : label;
}

/** Each label has a row of its own, so that marks close together stay readable. */
function markLines(marks: readonly Mark[], x: Scale, top: number, bottom: number): string {
  return marks
    .map(({ at, label, colour }, index) => {
      const y = top + index * 17;
      const end = x(at) > (plot.left + plot.right) * 0.66;
      const caption = at === 0 ? label : `${label}  +${at.toFixed(1)} s`;
      return (
        element("line", { x1: x(at), x2: x(at), y1: y - 9, y2: bottom, stroke: colour, "stroke-width": 1.5 }) +
        text(x(at) + (end ? -6 : 6), y, caption, { size: 12.5, weight: 600, fill: colour, anchor: end ? "end" : "start" })
      );
    })
    .join("");
}

function timeAxis(x: Scale, from: number, to: number, y: number): string {
  const step = niceStep(to - from, 10);
  const parts: string[] = [];
  for (let value = Math.ceil(from / step) * step; value <= to; value += step) {
    parts.push(text(x(value), y + 12, `${value} s`, { size: 12, fill: colours.muted, anchor: "middle" }));
  }
  return parts.join("");
}
