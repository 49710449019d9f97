import { levelCommands } from "../levers/commands.ts";
import type { Plan, Trigger } from "../plan/plan.ts";
import { threshold } from "../plan/words.ts";
import { baselineAbsent, type Condition, conditionOf, metricsAbsent } from "./conditions.ts";
import { promDuration } from "./promql.ts";
import { runbookFolder, runbookUrl } from "./runbookUrl.ts";

/** An alerting rule as Prometheus reads it (2.42 or newer, for `keep_firing_for`). */
export interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  keep_firing_for: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface AlertRuleGroups {
  groups: { name: string; rules: AlertRule[] }[];
}

/** Long enough that what fails in bursts alerts once. */
const keepFiringSeconds = 300;

const camel = (text: string): string => text.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase());

/** `MindmendErrorRate`. */
export function alertName(plan: Plan, trigger: string): string {
  return camel(`${plan.system} ${trigger}`);
}

function rule(
  alert: string,
  { expr, forSeconds }: Condition,
  labels: AlertRule["labels"],
  annotations: AlertRule["annotations"],
): AlertRule {
  return {
    alert,
    expr,
    ...(forSeconds > 0 ? { for: promDuration(forSeconds) } : {}),
    keep_firing_for: promDuration(keepFiringSeconds),
    labels,
    annotations,
  };
}

/**
 * A plan's triggers as Prometheus alerting rules, and beside them rules for where there is nothing to judge by.
 *
 * `critical` pages, `warning` tells the team. Triggers that no metric tells (`reported`, `cost`) make no rule.
 *
 * @param runbooks where `<system>.md` is found; an address, where alerts should be clickable.
 */
export function alertRules(plan: Plan, runbooks = runbookFolder): AlertRuleGroups {
  const triggers = Object.entries(plan.triggers).flatMap(([name, trigger]) => triggerRule(plan, name, trigger, runbooks));
  return { groups: [{ name: `${plan.system}-rollback`, rules: [...triggers, ...blindness(plan, runbooks)] }] };
}

function triggerRule(plan: Plan, name: string, trigger: Trigger, runbooks: string): AlertRule[] {
  const alert = alertName(plan, name);
  const condition = conditionOf(plan, alert, trigger);
  if (!condition) return [];
  const { title, severity, calls, action } = trigger;
  const level = calls === undefined ? undefined : plan.levels[calls];
  const labels = { severity, system: plan.system, ...(calls === undefined ? {} : { level: calls }) };
  const called = level && `Carry out ${level.title}.`;
  return [
    rule(alert, condition, labels, {
      summary: `${plan.title}: ${title} (${threshold(trigger)})`,
      description: [condition.told, called, action && `${action}.`].filter(Boolean).join(" "),
      runbook_url: runbookUrl(plan, runbooks, calls),
      ...(level ? { commands: levelCommands(level).join(" && ") } : {}),
    }),
  ];
}

/** No data never counts as healthy. */
function blindness(plan: Plan, runbooks: string): AlertRule[] {
  const blind = (name: string, severity: Trigger["severity"], summary: string, condition: Condition | undefined): AlertRule[] => {
    if (!condition) return [];
    const annotations = { summary: `${plan.title}: ${summary}`, description: condition.told, runbook_url: runbookUrl(plan, runbooks) };
    return [rule(alertName(plan, name), condition, { severity, system: plan.system }, annotations)];
  };
  return [
    ...blind("metricsAbsent", "critical", "metrics are absent", metricsAbsent(plan)),
    ...blind("baselineAbsent", "warning", "no baseline for latency", baselineAbsent(plan)),
  ];
}
