import type { Config } from "./config.ts";
import { type Caller, isOn } from "./switch.ts";

/** How one caller's question is asked again; answers carry it, so that a rollback of it can be seen. */
export interface RetryPolicy {
  enabled: boolean;
  maxAttempts: number;
  backoffMs: number[];
  /** Whether the fallback model is asked when every attempt has failed. */
  fallback: boolean;
  /** A shorter answer counts as failed. */
  minTextLength: number;
}

/** Once, and whatever comes back counts: how it was before there was retry logic. */
const legacy: RetryPolicy = { enabled: false, maxAttempts: 1, backoffMs: [], fallback: false, minTextLength: 1 };

export function retryFor({ switch: retryLogic, ...settings }: Config["retry"], caller: Caller): RetryPolicy {
  return isOn(retryLogic, caller) ? { enabled: true, ...settings } : legacy;
}

/** The wait before the given attempt (2 is the first retry); the last of the list serves all later ones. */
export function backoffBefore(attempt: number, backoffMs: number[]): number {
  return backoffMs[Math.min(attempt - 2, backoffMs.length - 1)] ?? 0;
}
