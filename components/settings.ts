import { ConfigMap } from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { fingerprint } from "./fingerprint.ts";
import type { Levers } from "./levers/levers.ts";
import type { Plan } from "./plan/plan.ts";

/** The environment that one set of settings gives to every pod. */
export interface SettingsVersion {
  hash: string;
  env: Record<string, string>;
}

/** How many versions stay in the cluster, so that a ReplicaSet from before a rollback finds the settings it was made with. */
const versionsKept = 3;

/** The environment variables that the plan's app reads, from the stack's settings. */
export function settingsVersion(plan: Plan, settings: Levers["settings"]): SettingsVersion {
  const env: Record<string, string> = {};
  for (const [name, { env: variable }] of Object.entries(plan.settings)) {
    const value = settings[name];
    if (value !== undefined) env[variable] = String(value);
  }
  return { hash: fingerprint(env), env };
}

export interface SettingsArgs {
  current: SettingsVersion;
  /** Versions that earlier updates left, newest first. */
  earlier: readonly SettingsVersion[];
  labels: Record<string, string>;
}

/**
 * Settings as immutable ConfigMaps, one a version, named by content: a changed setting makes new pods through the new name
 * (design rule 5), so a pod can never run with half of an old and half of a new configuration (row M12, "ConfigMap not updated").
 */
export class Settings extends pulumi.ComponentResource {
  /** Name of the ConfigMap with the current settings. */
  readonly configMapName: string;
  /** What to hand to the next update as `earlier`. */
  readonly kept: readonly SettingsVersion[];

  constructor(name: string, args: SettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Settings", name, {}, opts);
    const nameOf = (version: SettingsVersion): string => `${name}-${version.hash}`;
    this.configMapName = nameOf(args.current);
    this.kept = [args.current, ...args.earlier.filter(({ hash }) => hash !== args.current.hash)].slice(0, versionsKept);
    for (const version of this.kept) {
      new ConfigMap(
        nameOf(version),
        { metadata: { name: nameOf(version), labels: args.labels }, immutable: true, data: version.env },
        { parent: this },
      );
    }
    this.registerOutputs({ configMapName: this.configMapName });
  }
}
