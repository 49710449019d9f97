import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import * as pulumi from "@pulumi/pulumi";
import { type AppPodArgs, appPod } from "./appPod.ts";
import { fingerprint } from "./fingerprint.ts";
import { releaseLabel } from "./motion.ts";
import type { Task as TaskPlan } from "./plan/plan.ts";

export const taskLabel = "rollback-stacks/task";
export const followsLabel = "rollback-stacks/follows";

/** What of a task an update left. */
export interface TaskRun {
  /** Hash of the state of everything that it follows; nothing where updates that failed since ran it for another state. */
  follows: string | undefined;
  /** Counts up, so that a state that comes back is another run. */
  run: number;
}

export interface TaskArgs extends AppPodArgs {
  /** Its key under the plan's `tasks`; on the pods' labels. */
  task: string;
  /** What the plan's `tasks` says of it. */
  definition: TaskPlan;
  /** What the task follows, and its state in this update. */
  causes: Record<TaskPlan["on"][number], string>;
  /** How it ran last, as the release record has it; nothing where it never did. */
  last: TaskRun | undefined;
}

/** Two more tries after one that failed, within the same time. */
const backoffLimit = 2;
/** Beyond the task's own time: until the cluster says that it is over. */
const marginSeconds = 30;

/**
 * A task of a plan as a Job that the update waits for; one that fails, fails the update, and the next `pulumi up` tries it again.
 *
 * It runs once for each state of what it follows, and again when an earlier state comes back. Nothing else makes it run: a Job
 * that is over stays as it was made.
 */
export class Task extends pulumi.ComponentResource {
  readonly job: Job;
  /** Its key under the plan's `tasks`. */
  readonly task: string;
  readonly ran: TaskRun & { follows: string };

  constructor(name: string, args: TaskArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Task", name, {}, opts);
    const { service, task, definition, causes, last } = args;
    this.task = task;
    const follows = fingerprint(definition, ...definition.on.map((cause) => causes[cause]));
    const isOver = last?.follows === follows;
    this.ran = { follows, run: isOver ? last.run : (last?.run ?? 0) + 1 };
    const jobName = `${name}-${fingerprint(this.ran)}`;
    const labels = { app: service.name, [taskLabel]: task, [followsLabel]: follows };
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
        ignoreChanges: isOver ? ["spec"] : [],
        customTimeouts: { create: `${definition.timeoutSeconds + marginSeconds}s` },
      },
    );
    this.registerOutputs({ job: this.job.metadata.name });
  }
}
