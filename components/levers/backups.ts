import type { Problem } from "./errors.ts";
import { isObject } from "./scalars.ts";
import { matching, objectName } from "./store.ts";

/** Names of buckets: https://cloud.google.com/storage/docs/buckets#naming. One with dots may be longer. */
const bucketAddress = /^gs:\/\/([a-z0-9][-_a-z0-9.]{1,220}[a-z0-9])$/;

/** The bucket of Google Cloud that backups go to; nothing where they go to a claim. */
export const bucketOf = (backups: string | undefined): string | undefined => bucketAddress.exec(backups ?? "")?.[1];

/** A PersistentVolumeClaim or a bucket, neither of which the stack owns, so that no update can delete a backup. */
export const backupsPlace = () =>
  matching(
    "the name of a PersistentVolumeClaim, or of a bucket as gs://<bucket>",
    "<claim>",
    new RegExp(`${objectName.source}|${bucketAddress.source}`),
  );

/** Backups in a bucket of a stack that says nothing of Google Cloud. */
export function bucketProblems({ database, gcp }: Record<string, unknown>): Problem[] {
  const { backups, managed } = isObject(database) ? database : {};
  const isSet = isObject(gcp) ? Object.keys(gcp).length > 0 : gcp !== undefined;
  if (typeof backups !== "string" || bucketOf(backups) === undefined || managed !== undefined || isSet) return [];
  const message = `${backups} is a bucket of Google Cloud, and the stack names no project; expected gcp.project, or the name of a PersistentVolumeClaim`;
  return [{ path: "database.backups", message, command: "pulumi config set --path gcp.project <project-id>" }];
}
