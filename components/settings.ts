import type * as pulumi from "@pulumi/pulumi";
import { type ContentVersion, ContentVersions, type ContentVersionsArgs, contentVersion } from "./contentVersions.ts";
import type { Levers } from "./levers/levers.ts";
import type { Plan } from "./plan/plan.ts";

/** The environment variables that the plan's app reads, from the stack's settings. */
export function settingsVersion(plan: Plan, settings: Levers["settings"]): ContentVersion {
  const env: Record<string, string> = {};
  for (const [name, { env: variable }] of Object.entries(plan.settings)) {
    const value = settings[name];
    if (value !== undefined) env[variable] = String(value);
  }
  return contentVersion(env);
}

/** Settings as the environment of every pod, in versioned ConfigMaps. */
export class Settings extends ContentVersions {
  constructor(name: string, args: ContentVersionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Settings", name, args, opts);
  }
}
