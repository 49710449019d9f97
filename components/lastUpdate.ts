import * as pulumi from "@pulumi/pulumi";
import type { ContentVersion } from "./contentVersions.ts";
import type { TrackState } from "./motion.ts";
import { type StateResource, sinceFailed, tasksSince } from "./stackState.ts";
import type { TaskRun } from "./task.ts";
import type { RouteState } from "./traffic/route.ts";

/** What a successful update was made of, kept in the stack's own outputs. It holds no secret. */
export interface ReleaseRecord {
  tracks: (TrackState & { image: string })[];
  /** What the Service selects. */
  selector: Record<string, string>;
  /** Where the route sends requests; none where traffic goes by replicas alone. */
  route?: RouteState | undefined;
  /** Versions of the settings that are in the cluster, the current one first. */
  settings: readonly ContentVersion[];
  /** Versions of the flags' definitions that are in the cluster, the current one first; none where the plan has no flags. */
  flags: readonly ContentVersion[];
  /** Which run of each of the plan's tasks was the last; left out by earlier versions. */
  tasks?: Record<string, TaskRun>;
  /** Provider → version of its credentials: a digest, never a value. */
  credentials: Record<string, string>;
  /** The plan's features that are there; records of before there were any say nothing. */
  features?: readonly string[];
}

/**
 * The release record that the stack's last successful update left; nothing before the first one. Where an update failed
 * since, the record says so of what that one did: tasks that it ran, and a way into maintenance or out of it.
 * @param app the plan's `service.name`
 */
export async function readLastUpdate(app: string): Promise<ReleaseRecord | undefined> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { value } = await new pulumi.StackReference("last-update", { name }).getOutputDetails("release");
  if (!value) return undefined;
  // Not at the same time: the engine writes the stack's state when a reference is read, and whoever reads it just then finds half of it.
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: name });
  const state: StateResource[] = Object.values(outputs);
  const record = sinceFailed(value as ReleaseRecord, state, app);
  return { ...record, tasks: tasksSince(record.tasks, state) };
}
