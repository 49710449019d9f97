import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../plan/plan.ts";

/**
 * Has Managed Service for Prometheus collect what a system's pods tell, under the name (`job`) that the plan's alerts look for.
 *
 * GKE collects by default; the cluster then knows the kind: `kubectl get crd podmonitorings.monitoring.googleapis.com`.
 */
export class PodMetrics extends pulumi.ComponentResource {
  constructor(name: string, { service }: Plan, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:gcp:PodMetrics", name, {}, opts);
    new CustomResource(
      service.name,
      {
        apiVersion: "monitoring.googleapis.com/v1",
        kind: "PodMonitoring",
        metadata: { name: service.name, labels: { app: service.name } },
        spec: { selector: { matchLabels: { app: service.name } }, endpoints: [{ port: "http", path: "/metrics", interval: "30s" }] },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
