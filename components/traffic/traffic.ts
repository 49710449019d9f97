import type * as pulumi from "@pulumi/pulumi";

/** What sends requests to tracks, and whether it changes before the tracks do or after them. */
export interface Traffic<Made extends pulumi.CustomResource = pulumi.CustomResource> {
  order: "traffic-first" | "traffic-last";
  /** Registers it; it changes only once `dependsOn` is done. */
  make(dependsOn: pulumi.Resource[]): Made;
}
