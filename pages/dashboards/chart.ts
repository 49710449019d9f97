import type { Trigger } from "../../components/plan/plan.ts";

/** Grafana's window for rates: at least four scrapes, and no shorter than what a pixel shows. */
export const range = "[$__rate_interval]";

export interface Query {
  expr: string;
  /** What a line is called; `{{label}}` is the label's value. */
  legend: string;
  /** What the other lines are compared with. */
  dashed?: true;
}

/** One panel of lines. */
export interface Chart {
  title: string;
  /** As Grafana calls it. */
  unit: "reqps" | "percentunit" | "s" | "short" | "cps" | "currencyUSD";
  queries: Query[];
  /** The triggers that look at it. */
  triggers?: Trigger[];
  /** Where they become too much, drawn as lines. */
  limits?: { value: number; severity: Trigger["severity"] }[];
}

export interface Section {
  title: string;
  charts: Chart[];
}
