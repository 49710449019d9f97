import * as pulumi from "@pulumi/pulumi";
import type { ContentVersion } from "./contentVersions.ts";
import type { TrackState } from "./motion.ts";
import { sinceFailed } from "./stackState.ts";
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
  /** Provider → version of its credentials: a digest, never a value. */
  credentials: Record<string, string>;
}

/**
 * The release record that the stack's last successful update left; nothing before the first one. Where an update failed on the
 * way into maintenance or out of it, the record's tracks and selector are what the cluster was told by that one.
 * @param app the plan's `service.name`
 */
export async function readLastUpdate(app: string): Promise<ReleaseRecord | undefined> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const [{ value }, { outputs }] = await Promise.all([
    new pulumi.StackReference("last-update", { name }).getOutputDetails("release"),
    pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: name }),
  ]);
  return value && sinceFailed(value as ReleaseRecord, Object.values(outputs), app);
}
