import type { PlanInput } from "../../components/plan/plan.ts";

type Triggers = NonNullable<PlanInput["triggers"]>;
type Signal = Triggers[string]["signal"];

/** A metric with a warning and a critical threshold, and what to do about either. */
function twoThresholds(name: string, title: string, action: string, warning: Signal, critical: Signal, calls?: string): Triggers {
  return {
    [name]: { title, signal: critical, severity: "critical", action, ...(calls === undefined ? {} : { calls }) },
    [`${name}Warning`]: { title, signal: warning, severity: "warning", action },
  };
}

const latency = (aboveSeconds: number): Signal => ({ type: "latency", quantile: 0.95, aboveSeconds });

/** Row E7. What calls for a level at once is what the document calls a rollback trigger; PII by its decision matrix. */
export const triggers: Triggers = {
  ...twoThresholds(
    "success",
    "Success rate",
    "Investigate immediately",
    { type: "successRate", below: 0.95 },
    { type: "successRate", below: 0.9 },
    "quick",
  ),
  ...twoThresholds("latencyP95", "Latency p95", "Check OpenAI API status", latency(3), latency(5), "quick"),
  ...twoThresholds(
    "errorRate",
    "Error rate",
    "Review logs, consider a rollback",
    { type: "errorRate", above: 0.05 },
    { type: "errorRate", above: 0.1 },
  ),
  highErrorRate: { title: "High error rate", signal: { type: "errorRate", above: 0.5 }, severity: "critical", calls: "quick" },
  ...twoThresholds(
    "conversationCost",
    "Cost of a conversation",
    "Check token usage",
    { type: "costPerRequest", aboveUsd: 0.1 },
    { type: "costPerRequest", aboveUsd: 0.2 },
  ),
  cost: { title: "Cost spike", signal: { type: "cost", aboveBudget: 2 }, severity: "critical", calls: "quick" },
  personalData: {
    title: "Personal data exposed in logs",
    signal: { type: "reported", what: "log lines with personal data", above: 0 },
    severity: "critical",
    calls: "full",
  },
};

/** Row E8. */
export const decisions: NonNullable<PlanInput["decisions"]> = [
  { severity: "critical", when: "PII leak", withinMinutes: 0, levels: ["full"], action: "Roll back immediately" },
  { severity: "critical", when: "High error rate (> 50 %)", withinMinutes: 5, levels: ["quick"], action: "Roll back" },
  { severity: "high", when: "Cost spike (> 500 %)", withinMinutes: 5, levels: ["quick"], action: "Roll back" },
  {
    severity: "medium",
    when: "Moderate errors (10–20 %)",
    withinMinutes: 30,
    levels: ["partial"],
    action: "Roll back the feature that fails",
  },
  {
    severity: "medium",
    when: "Slow responses (> 10 s)",
    withinMinutes: 30,
    levels: ["partial"],
    action: "Roll back the feature that is slow",
  },
  { severity: "low", when: "Minor bugs", action: "Fix forward, in the next release" },
];
