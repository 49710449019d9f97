/** What the exit codes of `rollback` mean; docs/rollback.md lists them. */
export const exitCodes = {
  done: 0,
  /** Something could not be found out or done; the message says what. */
  failed: 1,
  /** What was typed is wrong. */
  usage: 2,
  /** Not possible, or not allowed, as things are. Nothing was changed. */
  refused: 3,
  /** Somebody else is at it. Nothing was changed. */
  busy: 4,
  /** Carried out in part; the message says which part. */
  halfway: 5,
  /** Carried out, and a probe does not hold. */
  unverified: 6,
  interrupted: 130,
} as const;
