/** The wait before the given attempt (2 is the first retry); the last of the list serves all later ones. */
export function backoffBefore(attempt: number, backoffMs: number[]): number {
  return backoffMs[Math.min(attempt - 2, backoffMs.length - 1)] ?? 0;
}
