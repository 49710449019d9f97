import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import { BucketIAMMember } from "@pulumi/gcp/storage/bucketIAMMember.js";
import * as pulumi from "@pulumi/pulumi";
import type { BackupBucket } from "../database/backups.ts";
import { type Actors, actingAs, letActAs } from "./actAs.ts";
import { projectWide } from "./names.ts";
import { ownerOf } from "./owner.ts";

export interface BackupBucketAccessArgs extends Actors {
  system: string;
  /** Its name. It is not the stack's: no update can delete it. */
  bucket: string;
}

/**
 * Who the Jobs of a system's database are in Google Cloud: a service account of their own, which may read, write and delete objects of the
 * bucket that the backups go to, and nothing else. The app's own pods may not; its migration command, which the Jobs run, may.
 *
 * IAM knows the Kubernetes service account by itself too, by the project's number. That is in no lever: every update, a rollback among them,
 * would have to ask Google Cloud for it.
 */
export class BackupBucketAccess extends pulumi.ComponentResource implements BackupBucket {
  readonly folder: string;
  readonly annotations: BackupBucket["annotations"];

  constructor(name: string, args: BackupBucketAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:gcp:BackupBucketAccess", name, {}, opts);
    const { system, bucket, project } = args;
    const stack = pulumi.getStack();
    const account = new Account(
      name,
      { project, accountId: projectWide(system, "backups", 30), displayName: `Backups of ${system}, stack ${stack}` },
      { parent: this },
    );
    letActAs(name, account, args, { parent: this });
    // One member of the role: a binding would take it from everyone else who keeps something there.
    new BucketIAMMember(name, { bucket, role: "roles/storage.objectUser", member: account.member }, { parent: this });
    this.folder = ownerOf(system, stack);
    this.annotations = actingAs(account);
    this.registerOutputs({ folder: this.folder });
  }
}
