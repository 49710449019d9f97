import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import * as pulumi from "@pulumi/pulumi";
import type { AppPodArgs } from "./appPod.ts";
import type { Levers } from "./levers/levers.ts";
import { releaseLabel } from "./motion.ts";
import type { Feature as FeaturePlan, Plan } from "./plan/plan.ts";
import { servingPod, withoutGap } from "./servingPod.ts";

export const featureLabel = "rollback-stacks/feature";
export const functionLabel = "rollback-stacks/function";

export interface FeatureArgs extends AppPodArgs {
  /** Its key under the plan's `features`; on the pods' labels. */
  feature: string;
  /** What the plan's `features` says of it. */
  definition: FeaturePlan;
  /** Seconds the cluster has for making its functions ready, and for ending them. */
  timeoutSeconds: number;
}

/**
 * A feature of a plan: a Deployment and a Service for each of its functions, with the image, settings and flags of stable. A stack
 * that takes it away (row E5) leaves the component out, and Pulumi waits until its last pod is gone.
 *
 * `dependsOn` holds for its Deployments themselves, not only for the component.
 */
export class Feature extends pulumi.ComponentResource {
  /** Its key under the plan's `features`. */
  readonly feature: string;
  /** What must be ready for the feature to be there. */
  readonly resources: readonly pulumi.CustomResource[];

  constructor(name: string, args: FeatureArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Feature", name, {}, opts);
    this.feature = args.feature;
    this.resources = Object.entries(args.definition.functions).flatMap(([key, { command, replicas }]) =>
      this.makeFunction(key, command, replicas, args, opts),
    );
    this.registerOutputs({ functions: Object.keys(args.definition.functions) });
  }

  private makeFunction(
    name: string,
    command: readonly string[],
    replicas: number,
    args: FeatureArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.CustomResource[] {
    const { service, feature, release, timeoutSeconds } = args;
    // Neither track, provider nor role: no traffic of the service ever reaches a function's pods.
    const selector = { app: service.name, [featureLabel]: feature, [functionLabel]: name };
    const wait = `${timeoutSeconds}s`;
    const metadata = { name, labels: selector };
    const deployment = new Deployment(
      name,
      {
        metadata,
        spec: {
          replicas,
          revisionHistoryLimit: 3,
          progressDeadlineSeconds: timeoutSeconds,
          selector: { matchLabels: selector },
          strategy: withoutGap,
          template: {
            metadata: { labels: { ...selector, [releaseLabel]: release } },
            spec: servingPod({ ...args, track: name, command, selector }),
          },
        },
      },
      { parent: this, dependsOn: opts?.dependsOn, customTimeouts: { create: wait, update: wait, delete: wait } },
    );
    const address = new Service(
      name,
      { metadata, spec: { selector, ports: [{ name: "http", port: 80, targetPort: "http" }] } },
      { parent: this, dependsOn: deployment, customTimeouts: { create: wait, update: wait } },
    );
    if (replicas > 1) {
      new PodDisruptionBudget(name, { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } }, { parent: this });
    }
    return [deployment, address];
  }
}

/** The features that a stack has. */
export function makeFeatures(
  name: string,
  { plan, levers, app, timeoutSeconds }: { plan: Plan; levers: Levers; app: AppPodArgs; timeoutSeconds: number },
  opts: pulumi.ComponentResourceOptions,
): Feature[] {
  const there = Object.entries(plan.features).filter(([feature]) => levers.features[feature]);
  return there.map(([feature, definition]) => new Feature(`${name}-${feature}`, { ...app, feature, definition, timeoutSeconds }, opts));
}
