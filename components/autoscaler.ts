import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Plan } from "./plan/plan.ts";

/** How a track grows beyond full capacity. */
export type Autoscaling = NonNullable<Plan["service"]["autoscaling"]>;

export interface AutoscalerArgs {
  /** The Deployment's name, and its own. */
  deployment: string;
  labels: Record<string, string>;
  /** Full capacity, below which it never goes. */
  minReplicas: number;
  autoscaling: Autoscaling;
}

/**
 * Grows a Deployment with its load. From then on the number of pods is the autoscaler's: the Deployment that it grows is made with
 * full capacity and `ignoreChanges: ["spec.replicas"]`.
 */
export function makeAutoscaler(args: AutoscalerArgs, opts: pulumi.CustomResourceOptions): HorizontalPodAutoscaler {
  const { deployment, labels, minReplicas, autoscaling } = args;
  const cpu = { name: "cpu", target: { type: "Utilization", averageUtilization: autoscaling.cpuPercent } };
  return new HorizontalPodAutoscaler(
    deployment,
    {
      metadata: { name: deployment, labels },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
        minReplicas,
        maxReplicas: autoscaling.maxReplicas,
        metrics: [{ type: "Resource", resource: cpu }],
      },
    },
    opts,
  );
}
