import { AlertPolicy } from "@pulumi/gcp/monitoring/alertPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { secondsOf } from "../alerts/promql.ts";
import { type AlertRule, alertRules } from "../alerts/rules.ts";
import type { Plan } from "../plan/plan.ts";

export interface AlertPoliciesArgs {
  plan: Plan;
  project: string;
  /** `projects/<project>/notificationChannels/<id>`. */
  notificationChannels: readonly string[];
  /** Where the runbook pages are found; only an address can be linked to. */
  runbooks?: string | undefined;
}

/** Google Cloud closes what has no data after this long, and takes no less. */
const autoClose = "1800s";

/**
 * A plan's triggers as alert policies of Cloud Monitoring: one for each alerting rule, with the same expression, duration and severity.
 *
 * The metrics must be in Managed Service for Prometheus ({@link PodMetrics}). Two things are otherwise than in Prometheus, which Cloud Monitoring
 * has nothing for: nothing goes on firing after it ended (`keep_firing_for`), and an outage's incident ends when its busy hour does (`ALERTS`).
 */
export class AlertPolicies extends pulumi.ComponentResource {
  constructor(name: string, args: AlertPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:gcp:AlertPolicies", name, {}, opts);
    const { plan, project, notificationChannels, runbooks } = args;
    for (const group of alertRules(plan, runbooks).groups) {
      for (const rule of group.rules) {
        const condition = conditionOf(rule, group.name);
        new AlertPolicy(
          rule.alert,
          {
            project,
            displayName: rule.alert,
            severity: rule.labels.severity === "critical" ? "CRITICAL" : "WARNING",
            combiner: "OR",
            conditions: [{ displayName: `${group.name}/${rule.alert}`, conditionPrometheusQueryLanguage: condition }],
            documentation: documentationOf(rule),
            alertStrategy: { autoClose },
            notificationChannels: [...notificationChannels],
          },
          { parent: this },
        );
      }
    }
    this.registerOutputs();
  }
}

function conditionOf(rule: AlertRule, ruleGroup: string) {
  return {
    query: rule.expr,
    duration: `${rule.for === undefined ? 0 : secondsOf(rule.for)}s`,
    evaluationInterval: "30s",
    ruleGroup,
    alertRule: rule.alert,
    labels: rule.labels,
    // A metric is there once the first pod has been scraped, which is after the policy was made.
    disableMetricValidation: true,
  };
}

function documentationOf({ annotations }: AlertRule) {
  const { summary = "", description = "", commands, runbook_url: url = "" } = annotations;
  const content = [inCloudMonitoring(description), ...(commands ? [`Type: ${commands}`] : []), `Runbook: ${url}`].join("\n\n");
  return {
    mimeType: "text/markdown",
    subject: summary,
    content,
    links: /^https?:\/\//.test(url) ? [{ displayName: "Runbook", url }] : [],
  };
}

/** Prometheus's templates in Cloud Monitoring's variables, which cannot round or convert. */
function inCloudMonitoring(text: string): string {
  return text
    .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => `\${metric_or_resource.label.${label}}`)
    .replaceAll("{{ $value | humanizeDuration }}", `${value} s`)
    .replaceAll(/\{\{ \$value[^}]*\}\}/g, value);
}

const value = `\${metric.label.value}`;
