import { Job } from "@pulumi/kubernetes/batch/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { type AppPodArgs, appPod } from "./appPod.ts";
import { fingerprint } from "./fingerprint.ts";
import { releaseLabel } from "./motion.ts";
import type { Task as TaskPlan } from "./plan/plan.ts";

export interface TaskArgs extends AppPodArgs {
  /** Its key under the plan's `tasks`; on the pods' labels. */
  task: string;
  definition: TaskPlan;
  /** What the task follows, and its state in this update. */
  causes: Record<TaskPlan["on"][number], string>;
}

/** Two more tries after one that failed, within the same time. */
const backoffLimit = 2;
/** Beyond the task's own time: until the cluster says that it is over. */
const marginSeconds = 30;

/**
 * A task of a plan as a Job that the update waits for; one that fails, fails the update, and the next `pulumi up` tries it again.
 *
 * Its name ends in the hash of what it follows, so it runs once for each state of that, and again when an earlier state comes
 * back. Nothing else makes it run: the pod of a Job that is over stays as it was, and so does the Job.
 */
export class Task extends pulumi.ComponentResource {
  readonly job: Job;

  constructor(name: string, args: TaskArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Task", name, {}, opts);
    const { service, task, definition, causes } = args;
    const jobName = `${name}-${fingerprint(definition, ...definition.on.map((cause) => causes[cause]))}`;
    const labels = { app: service.name, "rollback-stacks/task": task };
    const { pod, container } = appPod(args);
    this.job = new Job(
      jobName,
      {
        metadata: { name: jobName, labels, annotations: { "pulumi.com/replaceUnready": "true" } },
        spec: {
          backoffLimit,
          activeDeadlineSeconds: definition.timeoutSeconds,
          template: {
            metadata: { labels: { ...labels, [releaseLabel]: args.release } },
            spec: { ...pod, restartPolicy: "Never", containers: [{ ...container, command: definition.command }] },
          },
        },
      },
      {
        parent: this,
        dependsOn: opts?.dependsOn,
        ignoreChanges: ["spec"],
        customTimeouts: { create: `${definition.timeoutSeconds + marginSeconds}s` },
      },
    );
    this.registerOutputs({ job: this.job.metadata.name });
  }
}
