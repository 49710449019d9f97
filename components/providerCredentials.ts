import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { fingerprint } from "./fingerprint.ts";

export interface ProviderCredentialsArgs {
  /** Environment variable → value. */
  values: Record<string, string>;
  /** Of the Secret. */
  labels: Record<string, string>;
}

/**
 * One provider's credentials as an immutable Secret named by content: a rotated key makes new pods, and the key of before is
 * one config change away. Values are Pulumi secrets: encrypted in state, never printed.
 *
 * The Secret of before goes last, and only after an update that succeeded: Pulumi deletes what a program no longer declares once
 * everything else is done. Until then pods of an older ReplicaSet can start.
 *
 * `dependsOn` holds for the Secret itself, not only for the component.
 */
export class ProviderCredentials extends pulumi.ComponentResource {
  readonly secretName: string;
  /** Changes whenever a value does and tells nothing of it: what a release record may say. */
  readonly version: string;

  constructor(name: string, args: ProviderCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:ProviderCredentials", name, {}, opts);
    // Salted, so that equal keys in two stacks cannot be recognised by their names.
    this.version = fingerprint(pulumi.getProject(), pulumi.getStack(), args.values);
    this.secretName = `${name}-${this.version}`;
    new Secret(
      this.secretName,
      { metadata: { name: this.secretName, labels: args.labels }, immutable: true, stringData: pulumi.secret(args.values) },
      { parent: this, dependsOn: opts?.dependsOn },
    );
    this.registerOutputs({ secretName: this.secretName });
  }
}
