import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { fingerprint } from "./fingerprint.ts";

/** The data of one ConfigMap, and the hash that its name ends in. */
export interface ContentVersion {
  hash: string;
  data: Record<string, string>;
}

export const contentVersion = (data: Record<string, string>): ContentVersion => ({ hash: fingerprint(data), data });

/** How many versions stay in the cluster, so that a ReplicaSet from before a rollback finds the content it was made with. */
const versionsKept = 3;

export interface ContentVersionsArgs {
  /** What the pods are to have: `settingsVersion` or `flagsVersion` make it. */
  current: ContentVersion;
  /** Versions that earlier updates left, newest first. */
  earlier: readonly ContentVersion[];
  /** Of every ConfigMap. */
  labels: Record<string, string>;
}

/**
 * Content as immutable ConfigMaps, one a version, named by what is in it: changed content makes new pods through the new name
 * (design rule 5), so a pod can never run with half of an old and half of a new one (row M12, "ConfigMap not updated").
 */
export abstract class ContentVersions extends pulumi.ComponentResource {
  /** Name of the ConfigMap with the current version. */
  readonly configMapName: string;
  /** What to hand to the next update as `earlier`. */
  readonly kept: readonly ContentVersion[];

  constructor(type: string, name: string, args: ContentVersionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(type, name, {}, opts);
    const nameOf = (version: ContentVersion): string => `${name}-${version.hash}`;
    this.configMapName = nameOf(args.current);
    this.kept = [args.current, ...args.earlier.filter(({ hash }) => hash !== args.current.hash)].slice(0, versionsKept);
    for (const version of this.kept) {
      new ConfigMap(
        nameOf(version),
        { metadata: { name: nameOf(version), labels: args.labels }, immutable: true, data: version.data },
        { parent: this },
      );
    }
    this.registerOutputs({ configMapName: this.configMapName });
  }
}
