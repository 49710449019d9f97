/** The few SVG pieces that the timeline is drawn with. */

export type Scale = (value: number) => number;

/** Linear, from data to pixels, rounded to a tenth of a pixel. */
export function scale(from: number, to: number, start: number, end: number): Scale {
  const span = to - from || 1;
  return (value) => Math.round((start + ((value - from) / span) * (end - start)) * 10) / 10;
}

/** A round axis step (1, 2 or 5 times a power of ten, at least 1) that gives at most about `ticks` of them. */
export function niceStep(span: number, ticks: number): number {
  const raw = Math.max(1, span / ticks);
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
}

export function element(name: string, attributes: Record<string, string | number>): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return `<${name}${written.join("")}/>`;
}

export function text(
  x: number,
  y: number,
  content: string,
  {
    size,
    fill,
    weight,
    anchor,
    mono,
  }: { size: number; fill: string; weight?: number; anchor?: "start" | "middle" | "end"; mono?: boolean },
): string {
  const extra =
    (weight ? ` font-weight="${weight}"` : "") +
    (anchor ? ` text-anchor="${anchor}"` : "") +
    (mono ? ` font-family="ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', monospace"` : "");
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${extra}>${escapeXml(content)}</text>`;
}

export function escapeXml(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
