/** The flags of every command that changes levers. */

import { userInfo } from "node:os";
import { stackFlag } from "../flags.ts";
import type { Consent } from "./carryOut.ts";
import type { Told } from "./intended.ts";

/** Who does something, and why, as typed. */
export interface TellingFlags {
  reason?: string;
  incident?: string;
  by?: string;
}

export interface ChangeFlags extends Consent, TellingFlags {
  stack?: string;
}

export const changeFlags = {
  stack: stackFlag,
  yes: { kind: "boolean", brief: "Do not ask", default: false, withNegated: false },
  dryRun: { kind: "boolean", brief: "Show what would be done, and do nothing", default: false, withNegated: false },
  reason: { kind: "parsed", parse: String, brief: "Why", optional: true },
  incident: { kind: "parsed", parse: String, brief: "Which incident it is for", optional: true },
  by: { kind: "parsed", parse: String, brief: "Who does it (default: the user of this machine)", optional: true },
} as const;

export const toldBy = ({ by = userInfo().username, reason, incident }: TellingFlags): Told => ({ by, reason, incident });
