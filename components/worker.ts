import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import * as pulumi from "@pulumi/pulumi";
import { type AppPodArgs, appPod } from "./appPod.ts";
import { releaseLabel } from "./motion.ts";
import type { Worker as WorkerPlan } from "./plan/plan.ts";

export const workerLabel = "rollback-stacks/worker";

export interface WorkerArgs extends AppPodArgs {
  /** Its key under the plan's `workers`; on the pods' labels. */
  worker: string;
  /** What the plan's `workers` says of it. */
  definition: WorkerPlan;
  /** Seconds the cluster has for making it ready. */
  timeoutSeconds: number;
}

/** A worker has no port to probe: having stayed up for so long is what makes it ready. */
const minReadySeconds = 2;
/** What a deletion may take beyond the last job. */
const deletionSeconds = 30;

/**
 * A worker Deployment of a plan. What changes makes new pods while the old ones finish what they have; its deletion, when the
 * system goes into maintenance (row B3), is over only when the last of them has.
 *
 * `dependsOn` holds for the Deployment itself, not only for the component.
 */
export class Worker extends pulumi.ComponentResource {
  readonly deployment: Deployment;

  constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Worker", name, {}, opts);
    const { service, worker, definition, timeoutSeconds } = args;
    const labels = { app: service.name, [workerLabel]: worker };
    const { pod, container } = appPod(args);
    this.deployment = new Deployment(
      definition.deployment,
      {
        metadata: { name: definition.deployment, labels },
        spec: {
          replicas: definition.replicas,
          minReadySeconds,
          revisionHistoryLimit: 3,
          progressDeadlineSeconds: timeoutSeconds,
          selector: { matchLabels: labels },
          strategy: definition.alone
            ? { type: "Recreate" }
            : { type: "RollingUpdate", rollingUpdate: { maxSurge: "100%", maxUnavailable: 0 } },
          template: {
            metadata: { labels: { ...labels, [releaseLabel]: args.release } },
            spec: {
              ...pod,
              terminationGracePeriodSeconds: definition.drainSeconds,
              containers: [{ ...container, command: definition.command }],
            },
          },
        },
      },
      {
        parent: this,
        dependsOn: opts?.dependsOn,
        customTimeouts: {
          create: `${timeoutSeconds}s`,
          update: `${timeoutSeconds}s`,
          delete: `${definition.drainSeconds + deletionSeconds}s`,
        },
      },
    );
    this.registerOutputs({ deployment: this.deployment.metadata.name });
  }
}
