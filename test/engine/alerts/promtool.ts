import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** What promtool says is wrong with the plan's rules; empty where all of it is as expected. */
export function problems(plan: Plan, test: object, evaluationSeconds = step): string {
  return inFolder((folder) => {
    writeYaml(folder, "rules.yaml", alertRules(plan));
    return ask(folder, { test: { rules: "rules.yaml", test, evaluationSeconds } }).test;
  });
}

/**
 * What promtool says is wrong with each scenario, in their order; empty where all of it is as expected. One run tells of all, each
 * with the rule of its alert alone: promtool's start, and the rules that a scenario is not about, take longer than most scenarios.
 */
export function problemsOf(plan: Plan, scenarios: readonly Scenario[]): string[] {
  return inFolder((folder) => {
    for (const alert of new Set(scenarios.map((scenario) => scenario.alert))) writeYaml(folder, `${alert}.yaml`, rulesFor(plan, alert));
    const tests = scenarios.map((scenario, index) => [
      `scenario-${index}`,
      { rules: `${scenario.alert}.yaml`, test: testOf(scenario), evaluationSeconds: step },
    ]);
    return Object.values(ask(folder, Object.fromEntries(tests)));
  });
}

function rulesFor(plan: Plan, alert: string): object {
  const groups = alertRules(plan).groups.map((group) => ({ ...group, rules: group.rules.filter((rule) => rule.alert === alert) }));
  return { groups };
}

/** What promtool says is wrong with each test, by name. */
function ask<Name extends string>(
  folder: string,
  tests: Record<Name, { rules: string; test: object; evaluationSeconds: number }>,
): Record<Name, string> {
  const names = Object.keys(tests) as Name[];
  for (const name of names) {
    const { rules, test, evaluationSeconds } = tests[name];
    const file = { rule_files: [rules], evaluation_interval: `${evaluationSeconds}s`, tests: [{ interval: `${step}s`, ...test }] };
    writeYaml(folder, `${name}.test`, file);
  }
  // Of each file it says on one stream that it begins, and on the other what is wrong: one file for both keeps their order.
  const output = join(folder, "output");
  const both = openSync(output, "w");
  spawnSync(promtool, ["test", "rules", ...names.map((name) => `${name}.test`)], { cwd: folder, stdio: ["ignore", both, both] });
  closeSync(both);
  const said = readFileSync(output, "utf8");
  const sections = new Map(said.split("Unit Testing:  ").map((section) => [section.split(".test\n")[0], section] as const));
  const verdict = (name: Name) => (/^\s*SUCCESS\s*$/m.test(sections.get(name) ?? "") ? "" : (sections.get(name) ?? said));
  return Object.fromEntries(names.map((name) => [name, verdict(name)])) as Record<Name, string>;
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "alerts-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeYaml(folder: string, file: string, content: object): void {
  writeFileSync(join(folder, file), stringify(content));
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
