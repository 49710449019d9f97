/** One series of a page in Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const escaped: Record<string, string> = { n: "\n", '"': '"', "\\": "\\" };

/** Every series of these names; comments, and lines that are none, are passed over. */
export function seriesOf(page: string, names: readonly string[]): Series[] {
  return page.split("\n").flatMap((each) => {
    const [, name = "", inside = "", value = ""] = line.exec(each) ?? [];
    if (!names.includes(name) || Number.isNaN(Number(value))) return [];
    const labels = [...inside.matchAll(label)].map(([, key = "", text = ""]) => [
      key,
      text.replaceAll(/\\(.)/g, (whole, one) => escaped[one] ?? whole),
    ]);
    return [{ name, labels: Object.fromEntries(labels), value: Number(value) }];
  });
}
