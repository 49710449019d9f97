import { conditionOf } from "../alerts/conditions.ts";
import type { Problem } from "../levers/errors.ts";
import { plural } from "../plan/words.ts";
import type { Guard } from "./guard.ts";

export const triggerAlerts: Guard = {
  name: "trigger-alerts",
  description: "On production every trigger that can be measured has an alert with the address of its runbook.",
  why: "B7, E7, M6: who is on call is told, and where to read what to do",
  severity: "medium",
  slowsRollouts: true,
  check({ plan, levers: { environment, alerts, gcp } }) {
    const measured = Object.entries(plan.triggers).filter(([name, trigger]) => conditionOf(plan, name, trigger) !== undefined);
    if (environment !== "production" || measured.length === 0) return [];
    const triggers = plural(measured.length, "trigger");
    const silent: Problem = {
      path: "alerts.enabled",
      message: `${triggers} of the plan can be measured, and neither the cluster's Prometheus nor Cloud Monitoring alerts to them`,
      command: "pulumi config set --path alerts.enabled true",
    };
    const unexplained: Problem = {
      path: "alerts.runbooks",
      message: `${alerts.runbooks ?? "missing"}; expected the address of the folder with the runbook, ${plan.system}.md, so that an alert links to it`,
      command: `pulumi config set --path alerts.runbooks <https://…/docs/runbooks>`,
    };
    return [...(alerts.enabled || gcp ? [] : [silent]), ...(/^https?:\/\/\S+$/.test(alerts.runbooks ?? "") ? [] : [unexplained])];
  },
};
