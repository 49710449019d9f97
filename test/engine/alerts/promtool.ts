import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { alertRules } from "../../../components/alerts/rules.ts";
import type { Plan } from "../../../components/plan/plan.ts";
import { binDir } from "../../../tools/paths.ts";

const promtool = join(binDir, "promtool");

/** `npm test` sets it up, or says why it cannot be had here. */
export const hasPromtool = existsSync(promtool);

/** Seconds between two scrapes, and between two evaluations of the rules. */
export const step = 15;

/** Series → what it grows by each scrape; or all of them end, as when their pods do. */
export type Load = Record<string, number> | "gone";

export interface Phase {
  seconds: number;
  load: Load;
}

export interface Scenario {
  title: string;
  alert: string;
  phases: Phase[];
  /** Second → whether the alert fires then. */
  fires: Record<number, boolean>;
}

/** What promtool says is wrong; empty where all of it is as expected. */
export function problems(plan: Plan, tests: object, evaluationSeconds = step): string {
  const folder = mkdtempSync(join(tmpdir(), "alerts-"));
  try {
    writeFileSync(join(folder, "rules.yaml"), stringify(alertRules(plan)));
    const file = { rule_files: ["rules.yaml"], evaluation_interval: `${evaluationSeconds}s`, tests: [{ interval: `${step}s`, ...tests }] };
    writeFileSync(join(folder, "test.yaml"), stringify(file));
    execFileSync(promtool, ["test", "rules", "test.yaml"], { cwd: folder, encoding: "utf8", stdio: "pipe" });
    return "";
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    return `${stdout ?? error}${stderr ?? ""}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A scenario as a test of promtool's. */
export function testOf({ alert, phases, fires }: Scenario): object {
  return {
    input_series: inputSeries(phases),
    promql_expr_test: Object.entries(fires).map(([second, firing]) => ({
      expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
      eval_time: `${second}s`,
      exp_samples: [{ labels: "{}", value: firing ? 1 : 0 }],
    })),
  };
}

export function inputSeries(phases: Phase[]): { series: string; values: string }[] {
  const names = new Set(phases.flatMap(({ load }) => (load === "gone" ? [] : Object.keys(load))));
  return [...names].map((series) => ({ series, values: valuesOf(series, phases) }));
}

/** From 0, one value a scrape, in promtool's notation: `start+growth×repeats`. */
function valuesOf(series: string, phases: Phase[]): string {
  const values = ["0"];
  let value = 0;
  for (const { seconds, load } of phases) {
    if (load === "gone") return [...values, "stale"].join(" ");
    const growth = exact(load[series] ?? 0);
    const scrapes = seconds / step;
    values.push(`${value + growth}+${growth}x${scrapes - 1}`);
    value += growth * scrapes;
  }
  return values.join(" ");
}

/** What promtool can add up without rounding: a phase that began a hair below the one before would be a counter's reset. */
const exact = (growth: number): number => Math.round(growth * 65_536) / 65_536;
