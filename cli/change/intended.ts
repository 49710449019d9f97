import type { RawLevers } from "../stack/levers.ts";

/** A change of a stack's levers that a command is about to carry out. */
export interface Intended {
  /** As it stands in the history: `rollback to flag`. */
  what: string;
  /** What is typed to go on with it where it was cut off; nothing where that command would then go elsewhere. */
  again?: string;
  /** The plan's level that it is; nothing for a way back that no level names. */
  level?: string | undefined;
  /** What the levers are to be, one `pulumi up` after the other. */
  steps: { title?: string | undefined; levers: RawLevers }[];
  rtoSeconds: number;
  /** Whether the cluster is read anew first, so that what was changed by hand is put back. */
  refresh: boolean;
  /** Whether what the plan says of afterwards follows; not where it may as well be the way forward again. */
  aftercare: boolean;
  /** Looks at what came of it, beside the probes. @throws {OperatorError} where it is not what was intended. */
  proof?: () => Promise<void>;
  /** Begun once the change is agreed to, beside it, and ended with it: says itself how it went, and never fails. */
  alongside?: () => Promise<void>;
}

/** Who makes a change, and why. */
export interface Told {
  by: string;
  reason?: string | undefined;
  incident?: string | undefined;
}

/** `rollback to flag by ada: p95 3x (INC-7)`: what Pulumi's history and other operators are told. */
export function sentence({ what }: Pick<Intended, "what">, { by, reason, incident }: Told): string {
  return `${what} by ${by}${reason ? `: ${reason}` : ""}${incident ? ` (${incident})` : ""}`;
}
