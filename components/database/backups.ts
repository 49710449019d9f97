import type * as pulumi from "@pulumi/pulumi";
import { confined } from "../appPod.ts";
import { bucketOf } from "../levers/backups.ts";

/** Where a step finds the backups. */
export const backupsFolder = "/backups";

/** The right of a database's Jobs to the bucket with the backups, which comes before them. */
export interface BackupBucket extends pulumi.Resource {
  /** The stack's own folder in it. */
  readonly folder: string;
  /** Of the Jobs' service account in the cluster: whom it stands for in Google Cloud. */
  readonly annotations: Record<string, pulumi.Input<string>>;
}

/** Mounts buckets: https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-ephemeral. */
const driver = "gcsfuse.csi.storage.gke.io";

/**
 * The volume that a stack's backups are kept on.
 * @param folder the stack's own folder in a bucket; default: all of it.
 */
export function backupsVolume(backups: string, folder?: string) {
  const name = "backups";
  const bucketName = bucketOf(backups);
  if (bucketName === undefined) return { name, persistentVolumeClaim: { claimName: backups } };
  const { runAsUser, runAsGroup } = confined.pod.securityContext;
  // Whoever mounts it need not have made the folder, which is there with the first file in it.
  const mountOptions = [`uid=${runAsUser}`, `gid=${runAsGroup}`, ...(folder === undefined ? [] : [`only-dir=${folder}`])].join(",");
  return { name, csi: { driver, volumeAttributes: { bucketName, mountOptions } } };
}

/** Whether a pod with these volumes has a bucket among them. */
export const mountsBucket = (volumes: readonly { name: string; csi?: { driver: string } }[]): boolean =>
  volumes.some(({ csi }) => csi?.driver === driver);

/** Of a pod that has: GKE adds the container that mounts it. */
export const bucketAnnotations = { "gke-gcsfuse/volumes": "true" };
