import * as pulumi from "@pulumi/pulumi";
import type { ContentVersion } from "./contentVersions.ts";
import type { TrackState } from "./motion.ts";
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

/** The release record that the stack's last successful update left; nothing before the first one. */
export async function readLastUpdate(): Promise<ReleaseRecord | undefined> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { value } = await new pulumi.StackReference("last-update", { name }).getOutputDetails("release");
  return value as ReleaseRecord | undefined;
}
