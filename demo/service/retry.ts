import { createHash } from "node:crypto";
import type { Config } from "./config.ts";

/** Whether retries apply to this request. A share below 100 % is sticky by user; without a user it does not apply. */
export function retryApplies(retry: Config["retry"], model: string, userId: string | undefined): boolean {
  if (!retry.enabled || retry.disabledModels.includes(model)) return false;
  if (userId === undefined) return retry.rolloutPercent === 100;
  return !retry.disabledUsers.includes(userId) && bucketOf(userId) < retry.rolloutPercent;
}

/** The wait before the given attempt (2 is the first retry); the last of the list serves all later ones. */
export function backoffBefore(attempt: number, backoffMs: number[]): number {
  return backoffMs[Math.min(attempt - 2, backoffMs.length - 1)] ?? 0;
}

/** A user's place between 0 and 99, the same in every pod and release. */
function bucketOf(userId: string): number {
  return createHash("sha256").update(userId).digest().readUInt32BE(0) % 100;
}
