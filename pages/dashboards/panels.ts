import { runbookUrl } from "../../components/alerts/runbookUrl.ts";
import { levelCommands } from "../../components/levers/commands.ts";
import type { Plan, Trigger } from "../../components/plan/plan.ts";
import { duration, threshold } from "../../components/plan/words.ts";
import type { Chart, Section } from "./chart.ts";

/** Grafana's grid is 24 wide. */
const width = 24;
const chartHeight = 8;
const chartsInALine = 3;

/** Grafana fills in what the person who looks has chosen. */
export const variables = { datasource: `\${datasource}`, runbooks: `\${runbooks}` };
const datasource = { type: "prometheus", uid: variables.datasource };

interface GridPosition {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Panel {
  id: number;
  type: "text" | "row" | "timeseries";
  title: string;
  gridPos: GridPosition;
  targets?: { refId: string; datasource: typeof datasource; expr: string; legendFormat: string; range: true }[];
  [key: string]: unknown;
}

/** The panels from top to bottom: what can be done, then a row of charts for each section. */
export function panelsOf(plan: Plan, sections: readonly Section[]): Panel[] {
  const panels: Panel[] = [];
  const add = (panel: Omit<Panel, "id">) => panels.push({ id: panels.length + 1, ...panel } as Panel);
  let y = 0;
  const levels = levelsPanel(plan);
  add({ ...levels, gridPos: { x: 0, y, w: width, h: levels.height } });
  y += levels.height;
  for (const { title, charts } of sections) {
    add({ type: "row", title, collapsed: false, panels: [], gridPos: { x: 0, y, w: width, h: 1 } });
    y += 1;
    for (let first = 0; first < charts.length; first += chartsInALine) {
      const line = charts.slice(first, first + chartsInALine);
      const w = width / line.length;
      for (const [index, chart] of line.entries()) add({ ...chartPanel(plan, chart), gridPos: { x: index * w, y, w, h: chartHeight } });
      y += chartHeight;
    }
  }
  return panels;
}

function levelsPanel(plan: Plan) {
  const rows = Object.entries(plan.levels).map(([name, level]) => {
    const link = `[${level.title}](${runbookUrl(plan, variables.runbooks, name)})`;
    return `| ${link} | ${duration(level.rtoSeconds)} | \`${levelCommands(level).join(" && ").replaceAll("|", "\\|")}\` |`;
  });
  const content = ["| Level | At most | Carried out with |", "| --- | --- | --- |", ...rows].join("\n");
  const options = { mode: "markdown", content };
  return { type: "text" as const, title: "Rollback", options, height: 3 + rows.length };
}

function chartPanel(plan: Plan, { title, unit, queries, triggers = [], limits = [] }: Chart) {
  const levels = [...new Set(triggers.flatMap(({ calls }) => calls ?? []))];
  return {
    type: "timeseries" as const,
    title,
    description: triggers.map((trigger) => told(plan, trigger)).join("\n"),
    datasource,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: refId(index),
      datasource,
      expr,
      legendFormat: legend,
      range: true as const,
    })),
    links: levels.map((name) => ({
      title: plan.levels[name]?.title ?? name,
      url: runbookUrl(plan, variables.runbooks, name),
      targetBlank: true,
    })),
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        color: { mode: "palette-classic" },
        custom: { lineWidth: 2, showPoints: "never", thresholdsStyle: { mode: limits.length > 0 ? "dashed" : "off" } },
        thresholds: { mode: "absolute", steps: steps(limits) },
      },
      overrides: queries.flatMap((query, index) => (query.dashed ? [dashed(index)] : [])),
    },
    options: {
      legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
      tooltip: { mode: "multi", sort: "desc" },
    },
  };
}

/** `Error rate: > 5 % of requests for 5 minutes. Level 1: feature flag` */
function told(plan: Plan, trigger: Trigger): string {
  const level = trigger.calls === undefined ? undefined : plan.levels[trigger.calls]?.title;
  return `${trigger.title}: ${threshold(trigger)}.${level ? ` ${level}` : ""}`;
}

const colors = { critical: "red", warning: "orange" };

/** A line for each limit; two triggers may share one. */
function steps(limits: NonNullable<Chart["limits"]>) {
  const sorted = [...limits].sort((a, b) => a.value - b.value).map(({ value, severity }) => ({ color: colors[severity], value }));
  const lines = [...new Map(sorted.map((line) => [JSON.stringify(line), line])).values()];
  return [{ color: "green", value: null }, ...lines];
}

/** A, B, C, … */
const refId = (index: number): string => String.fromCharCode(65 + index);

function dashed(index: number) {
  const lineStyle: { fill: string; dash: number[] } = { fill: "dash", dash: [10, 10] };
  return { matcher: { id: "byFrameRefID", options: refId(index) }, properties: [{ id: "custom.lineStyle", value: lineStyle }] };
}
