import type { Problem } from "../levers/errors.ts";
import type { Change } from "./change.ts";
import type { RuleName } from "./names.ts";

/** A precondition of a change, told by the stack's levers and its past: what the policies of the pack, which see one resource at a time, cannot see. */
export interface Guard {
  name: RuleName;
  /** What must hold. */
  description: string;
  /** Where the rule comes from: rows of the teams' documents, or the design's own rules. */
  why: string;
  severity: "low" | "medium" | "high" | "critical";
  /** Whether it is there to slow rollouts down: then it never holds back a rollback. */
  slowsRollouts: boolean;
  /** Whether data may be lost where it does not hold: then the program refuses the update itself, whether or not a policy pack is there. */
  keepsData?: true;
  /** Everything that keeps it from holding; nothing where it does. Asked only of changes that it may hold back. */
  check(change: Change): Problem[];
}
