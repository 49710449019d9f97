import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";
import { alertRules } from "./alerts/rules.ts";
import type { Plan } from "./plan/plan.ts";

export interface AlertRulesArgs {
  /** Whose triggers they are. */
  plan: Plan;
  /** What the Prometheus in the cluster selects its rules by, for example `{ release: "kube-prometheus-stack" }`. */
  labels?: Record<string, string>;
  /** Where the runbook pages are found, for `runbook_url`; default their folder in this repository. */
  runbooks?: string | undefined;
}

/**
 * A plan's triggers as a PrometheusRule, for the Prometheus Operator (`keep_firing_for` asks for Prometheus 2.42 or newer).
 *
 * The cluster must know the kind: `kubectl get crd prometheusrules.monitoring.coreos.com`.
 */
export class AlertRules extends pulumi.ComponentResource {
  readonly rules: CustomResource;

  constructor(name: string, args: AlertRulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:AlertRules", name, {}, opts);
    const { plan, labels, runbooks } = args;
    const resource = `${plan.service.name}-rollback`;
    this.rules = new CustomResource(
      resource,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: { name: resource, labels: { app: plan.service.name, ...labels } },
        spec: alertRules(plan, runbooks),
      },
      { parent: this },
    );
    this.registerOutputs({ rules: this.rules.metadata.name });
  }
}
