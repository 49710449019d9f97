/** The flags of the commands that change data. */

import { changeFlags, type TellingFlags } from "../../change/told.ts";
import { jsonFlag } from "../../flags.ts";

export interface DataFlags extends TellingFlags {
  stack?: string;
  json: boolean;
  confirm: boolean;
}

const { stack, reason, incident, by } = changeFlags;

export const dataFlags = {
  stack,
  confirm: { kind: "boolean", brief: "Do it, without trying it first and asking", default: false, withNegated: false },
  json: jsonFlag,
  reason,
  incident,
  by,
} as const;
