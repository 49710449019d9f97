/** The two panels of a timeline that show the load. */

import type { LevelOutcome } from "./outcome.ts";
import { failed, isSafe, type RequestRecord, toldToComeBack } from "./safety.ts";
import { element, niceStep, type Scale, scale, text } from "./svg.ts";

export const width = 960;
export const plot = { left: 64, right: width - 24 };
export const answersHeight = 150;
export const latencyHeight = 84;
export const colours = {
  ink: "#1f2328",
  muted: "#59636e",
  grid: "#e4e8ec",
  /** By track, in the order of `tracks`. */
  safe: ["#0b7a75", "#4fb3a9", "#9bd3ca"],
  unsafe: ["#c2601a", "#e39a4f", "#e8842c"],
  failed: "#d1242f",
  maintenance: "#8c959f",
  window: "#fff4e5",
} as const;

const tracks = ["stable", "fallback", "canary"];

/** One colour of the picture. */
export interface Series {
  label: string;
  colour: string;
  records: RequestRecord[];
}

/** Who answered, safe ones first; a track has the same colour in every level of a drill. */
export function seriesOf(level: LevelOutcome): Series[] {
  const groups = new Map<string, RequestRecord[]>();
  for (const record of level.records) {
    const label = toldToComeBack(record, level.maintenance)
      ? "maintenance · 503 with Retry-After"
      : failed(record)
        ? "failed"
        : `${record.track ?? "unknown track"} · ${record.provider ?? "unknown provider"}${releaseOf(record, level)}`;
    const group = groups.get(label);
    if (group) group.push(record);
    else groups.set(label, [record]);
  }
  return [...groups]
    .map(([label, records]) => {
      const [first] = records;
      if (label === "failed" || first === undefined) return { label, records, colour: colours.failed, order: 30 };
      if (toldToComeBack(first, level.maintenance)) return { label, records, colour: colours.maintenance, order: 20 };
      const safe = isSafe(first, level.safe);
      const shade = Math.max(0, tracks.indexOf(first.track ?? ""));
      return { label, records, colour: colours[safe ? "safe" : "unsafe"][shade] ?? colours.muted, order: (safe ? 0 : 10) + shade };
    })
    .sort((a, b) => a.order - b.order || a.label.localeCompare(b.label));
}

/** Which release an answer came from, where that is what makes it safe. */
function releaseOf(record: RequestRecord, { safe }: LevelOutcome): string {
  if (safe.releases === undefined) return "";
  return isSafe(record, safe) ? ", after" : ", before";
}

/** Stacked answers a second by who gave them. */
export function answers(series: readonly Series[], level: LevelOutcome, x: Scale, top: number, from: number, to: number): string {
  const zero = level.marks?.pulledAt ?? level.startedAt;
  const bin = to - from > 60 ? 1 : 0.5;
  const bins = Math.ceil((to - from) / bin);
  const counts = series.map(({ records }) => {
    const perBin = new Array<number>(bins).fill(0);
    for (const { endedAt } of records) {
      const index = Math.min(bins - 1, Math.max(0, Math.floor(((endedAt - zero) / 1000 - from) / bin)));
      perBin[index] = (perBin[index] ?? 0) + 1;
    }
    return perBin;
  });
  // The first and last slot are only partly covered by the load: there the rate is over the covered part.
  const times = series.flatMap(({ records }) => records.map((record) => (record.endedAt - zero) / 1000));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  for (let slot = 0; slot < bins; slot++) {
    const covered = Math.min(last, from + (slot + 1) * bin) - Math.max(first, from + slot * bin);
    for (const perBin of counts) perBin[slot] = covered < bin / 4 ? 0 : (perBin[slot] ?? 0) / covered;
  }
  const tallest = Math.max(...Array.from({ length: bins }, (_, index) => counts.reduce((sum, perBin) => sum + (perBin[index] ?? 0), 0)));
  const step = niceStep(tallest, 4);
  const ceiling = Math.ceil(tallest / step) * step;
  const y = scale(0, ceiling, top + answersHeight, top);
  const parts = [yAxis(y, step, ceiling, "answers/s", top)];
  const stacked = new Array<number>(bins).fill(0);
  for (const [index, { colour }] of series.entries()) {
    let path = "";
    for (let slot = 0; slot < bins; slot++) {
      const count = counts[index]?.[slot] ?? 0;
      if (count === 0) continue;
      const base = stacked[slot] ?? 0;
      const [left, right] = [x(from + slot * bin), x(Math.min(to, from + (slot + 1) * bin))];
      path += `M${left} ${y(base)}V${y(base + count)}H${right}V${y(base)}Z`;
      stacked[slot] = base + count;
    }
    parts.push(element("path", { d: path, fill: colour, stroke: colour, "stroke-width": 0.4 }));
  }
  return parts.join("\n");
}

/** One dot a request, on a logarithmic scale. */
export function latencies(series: readonly Series[], x: Scale, top: number, zero: number): string {
  const all = series.flatMap(({ records }) => records.map((record) => record.latencyMs));
  const [low, high] = [0, Math.ceil(Math.log10(Math.max(...all, 10)))];
  const y = scale(low, high, top + latencyHeight, top);
  const parts = [text(plot.left, top - 6, "latency, ms (log)", { size: 12, fill: colours.muted })];
  for (let power = low; power <= high; power++) {
    parts.push(
      element("line", { x1: plot.left, x2: plot.right, y1: y(power), y2: y(power), stroke: colours.grid }),
      text(plot.left - 8, y(power) + 4, `${10 ** power}`, { size: 12, fill: colours.muted, anchor: "end" }),
    );
  }
  for (const { label, colour, records } of series) {
    const radius = label === "failed" ? 3 : 1.4;
    const dots = records.map((record) => {
      const [cx, cy] = [x((record.endedAt - zero) / 1000), y(Math.max(low, Math.log10(Math.max(1, record.latencyMs))))];
      return `M${round(cx - radius)} ${round(cy)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
    });
    parts.push(element("path", { d: dots.join(""), fill: colour, "fill-opacity": label === "failed" ? 1 : 0.75 }));
  }
  return parts.join("\n");
}

function yAxis(y: Scale, step: number, ceiling: number, title: string, top: number): string {
  const parts = [text(plot.left, top - 6, title, { size: 12, fill: colours.muted })];
  for (let value = 0; value <= ceiling; value += step) {
    parts.push(
      element("line", { x1: plot.left, x2: plot.right, y1: y(value), y2: y(value), stroke: colours.grid }),
      text(plot.left - 8, y(value) + 4, `${value}`, { size: 12, fill: colours.muted, anchor: "end" }),
    );
  }
  return parts.join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
