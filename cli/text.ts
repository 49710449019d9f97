/** How tables, times and spans are written on a screen. */

import { stripVTControlCharacters } from "node:util";

const gap = "  ";
const width = (cell: string): number => stripVTControlCharacters(cell).length;

/** Columns side by side where they fit, else each row as a block of `heading: cell` lines. Empty cells are left out of blocks. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], columns: number): string[] {
  const widths = headings.map((heading, at) => Math.max(width(heading), ...rows.map((row) => width(row[at] ?? ""))));
  if (widths.reduce((sum, one) => sum + one + gap.length, -gap.length) > columns) return blocks(headings, rows);
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell + " ".repeat((widths[at] ?? 0) - width(cell))))
      .join(gap)
      .trimEnd();
  return [line(headings), ...rows.map(line)];
}

function blocks(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.flatMap((row, index) => [
    ...(index > 0 ? [""] : []),
    ...row.flatMap((cell, at) => (cell === "" ? [] : [at === 0 ? cell : `${gap}${headings[at]}: ${cell}`])),
  ]);
}

/** A line as several where it is too long; those that follow begin below the first one's text. What has no blank stays whole. */
export function wrapped(line: string, columns: number): string[] {
  const begin = /^ *(?:- )?/.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = begin;
  for (const word of line.slice(begin.length).split(" ")) {
    const longer = current.length === begin.length ? `${current}${word}` : `${current} ${word}`;
    if (width(longer) <= columns || current.length === begin.length) {
      current = longer;
      continue;
    }
    lines.push(current);
    current = `${" ".repeat(begin.length)}${word}`;
  }
  return [...lines, current];
}

/** `2026-11-21 10:00:05 UTC`. */
export const utc = (time: string | number | Date): string => `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** `40 s`, `12 min`, `5 h`, `3 days`: how long something is past, in the largest unit that has at least two of it. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 120 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** `12 KiB`, `3 MiB`; more rather than less. */
export const size = (bytes: number): string => (bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`);

/** An image as people speak of it: its name and the first of its digest. */
export function shortImage(image: string): string {
  const [name = "", digest = ""] = image.split("@sha256:");
  return digest ? `${name.split("/").at(-1)}@${digest.slice(0, 12)}` : image;
}

/** A lever's value on one line. */
export const shown = (value: unknown): string =>
  value === undefined ? "not set" : typeof value === "string" ? shortImage(value) : JSON.stringify(value);
