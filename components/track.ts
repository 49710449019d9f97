import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import * as pulumi from "@pulumi/pulumi";
import type { AppPodArgs } from "./appPod.ts";
import { type Autoscaling, makeAutoscaler } from "./autoscaler.ts";
import { releaseLabel, trackLabel, trafficLabels } from "./motion.ts";
import type { TrackName } from "./plan/plan.ts";
import { servingPod, withoutGap } from "./servingPod.ts";

export interface TrackArgs extends AppPodArgs {
  /** Which of the plan's `service.tracks` it is. */
  track: TrackName;
  /** Provider the pods are told to use; on their labels, for traffic. */
  provider: string;
  /** Pods it has, whatever the traffic. */
  replicas: number;
  /** How it grows with its load; its number of pods is then the autoscaler's, and `replicas` what it starts with and keeps. */
  autoscaling?: Autoscaling | undefined;
  /** Seconds the cluster has for making the track ready. */
  timeoutSeconds: number;
}

/**
 * One running version of a system: a Deployment that never goes below its capacity while it changes, and a budget that keeps it there.
 *
 * No request is dropped (design rule 3): surge with zero unavailable, readiness before endpoints, a `preStop` sleep until no
 * client chooses the pod any more, then the app's own graceful shutdown.
 *
 * `dependsOn` holds for the Deployment itself, not only for the component: it orders the track against traffic.
 */
export class Track extends pulumi.ComponentResource {
  readonly deployment: Deployment;

  constructor(name: string, args: TrackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Track", name, {}, opts);
    const { service, track, replicas, autoscaling } = args;
    const definition = service.tracks[track];
    if (!definition) throw new pulumi.RunError(`${track}: the plan of ${service.name} has no such track`);
    const selector = { app: service.name, [trackLabel]: track };
    const labels = { ...trafficLabels(service.name, args), version: definition.version, [releaseLabel]: args.release };
    const customTimeouts = { create: `${args.timeoutSeconds}s`, update: `${args.timeoutSeconds}s`, delete: `${args.timeoutSeconds}s` };

    this.deployment = new Deployment(
      definition.deployment,
      {
        metadata: { name: definition.deployment, labels: { ...selector, version: definition.version } },
        spec: {
          replicas,
          revisionHistoryLimit: 3,
          progressDeadlineSeconds: args.timeoutSeconds,
          selector: { matchLabels: selector },
          strategy: withoutGap,
          template: { metadata: { labels }, spec: servingPod({ ...args, selector }) },
        },
      },
      { parent: this, customTimeouts, dependsOn: opts?.dependsOn, ...(autoscaling && { ignoreChanges: ["spec.replicas"] }) },
    );
    if (autoscaling) {
      const scaled = { deployment: definition.deployment, labels: selector, minReplicas: replicas, autoscaling };
      makeAutoscaler(scaled, { parent: this, dependsOn: this.deployment });
    }
    if (replicas > 1) {
      new PodDisruptionBudget(
        definition.deployment,
        {
          metadata: { name: definition.deployment, labels: selector },
          spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
        },
        { parent: this },
      );
    }
    this.registerOutputs({ deployment: this.deployment.metadata.name });
  }
}
