import { Secret } from "@pulumi/gcp/secretmanager/secret.js";
import { SecretIamMember } from "@pulumi/gcp/secretmanager/secretIamMember.js";
import { SecretVersion } from "@pulumi/gcp/secretmanager/secretVersion.js";
import * as pulumi from "@pulumi/pulumi";
import { fingerprint } from "../fingerprint.ts";

export interface StoredCredentialArgs {
  project: string;
  /** The region it stays in; default: wherever Google replicates it to. */
  location?: string | undefined;
  /** Name in Secret Manager. */
  secretId: string;
  value: string;
  labels: Record<string, string>;
  /** Who may read it, as IAM names them. */
  reader: pulumi.Input<string>;
}

/**
 * A credential in Secret Manager, each value that it has had a version of its own.
 *
 * A rotated value is a new version before anything else changes. The one of before is disabled after an update that succeeded, not
 * destroyed: `gcloud secrets versions enable` brings it back.
 */
export class StoredCredential extends pulumi.ComponentResource {
  constructor(name: string, args: StoredCredentialArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:gcp:StoredCredential", name, {}, opts);
    const { project, location, secretId, value, labels, reader } = args;
    const replication = location ? { userManaged: { replicas: [{ location }] } } : { auto: {} };
    const secret = new Secret(name, { project, secretId, labels, replication }, { parent: this });
    // Named by content: Pulumi then makes the new version first, and lets the old one go last.
    new SecretVersion(
      `${name}-${fingerprint(pulumi.getProject(), pulumi.getStack(), value)}`,
      { secret: secret.id, secretData: pulumi.secret(value), deletionPolicy: "DISABLE" },
      { parent: this },
    );
    new SecretIamMember(
      name,
      { project, secretId: secret.secretId, role: "roles/secretmanager.secretAccessor", member: reader },
      { parent: this },
    );
    this.registerOutputs({ secret: secret.id });
  }
}
