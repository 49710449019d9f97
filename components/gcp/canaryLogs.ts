import { ProjectBucketConfig } from "@pulumi/gcp/logging/projectBucketConfig.js";
import { ProjectSink } from "@pulumi/gcp/logging/projectSink.js";
import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../plan/plan.ts";
import { projectWide } from "./names.ts";

export interface CanaryLogsArgs {
  plan: Plan;
  project: string;
  /** The region they stay in; default: wherever Google keeps them. */
  location?: string | undefined;
  /** The pods' namespace. */
  namespace: pulumi.Input<string>;
  /** How long they are kept. */
  retentionDays: number;
}

/**
 * What a canary's pods log, kept apart and for longer: the evidence of an incident must outlive the canary (row M9).
 *
 * The bucket stays when the stack goes. A stack that comes back takes it over.
 */
export class CanaryLogs extends pulumi.ComponentResource {
  /** Where they are, for `gcloud logging read --bucket`. */
  readonly bucketId: string;

  constructor(name: string, args: CanaryLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:gcp:CanaryLogs", name, {}, opts);
    const { plan, project, location = "global", namespace, retentionDays } = args;
    this.bucketId = projectWide(plan.system, "canary-logs", 100);
    const description = `${plan.title}: what the canary logged`;
    const bucket = new ProjectBucketConfig(
      name,
      { project, location, bucketId: this.bucketId, retentionDays, description, deletionPolicy: "ABANDON" },
      { parent: this },
    );
    const { app, version } = { app: plan.service.name, version: plan.service.tracks.canary.version };
    new ProjectSink(
      name,
      {
        project,
        name: this.bucketId,
        description,
        // A bucket of the sink's own project: no writer has to be granted anything.
        destination: pulumi.interpolate`logging.googleapis.com/${bucket.id}`,
        filter: pulumi.interpolate`resource.type="k8s_container"
resource.labels.namespace_name="${namespace}"
labels."k8s-pod/app"="${app}"
labels."k8s-pod/version"="${version}"`,
      },
      { parent: this },
    );
    this.registerOutputs({ bucketId: this.bucketId });
  }
}
