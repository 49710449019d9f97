import type * as pulumi from "@pulumi/pulumi";
import { type ContentVersion, ContentVersions, type ContentVersionsArgs, contentVersion } from "./contentVersions.ts";
import { flagdDefinitions } from "./flags/flagd.ts";
import type { FlagLevers } from "./levers/flags.ts";
import type { Plan } from "./plan/plan.ts";

/** The file's name in the ConfigMap; where pods find it is up to the plan (`flags.file`). */
export const definitionsKey = "flags.flagd.json";

/** The flagd definitions of a plan's flags, as the stack has them. */
export function flagsVersion(plan: Plan, levers: FlagLevers): ContentVersion {
  return contentVersion({ [definitionsKey]: `${JSON.stringify(flagdDefinitions(plan, levers), undefined, 2)}\n` });
}

/**
 * Flags as flagd definitions, in versioned ConfigMaps: for apps that read them, and as the one place that says for whom each flag
 * is on. Apps that read environment variables get them from the same levers (`flagEnvironment`).
 */
export class FeatureFlags extends ContentVersions {
  constructor(name: string, args: ContentVersionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:FeatureFlags", name, args, opts);
  }
}
