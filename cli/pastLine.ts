/** An update of the past, as the history tells it. */

import { isObject } from "../components/levers/scalars.ts";
import { isDataWork, type PastUpdate } from "./stack/history.ts";
import { utc } from "./text.ts";

export interface ToldUpdate {
  at: string;
  seconds: number | null;
  /** Who asked for it: of what the rollback command did. */
  by: string | null;
  /** `rollback to flag`; `pulumi up` for what was not done by the rollback command. */
  what: string;
  level: string | null;
  why: string | null;
  incident: string | null;
  ended: "verified" | "well, not verified" | "done" | "failed" | "cut off";
}

/** As {@link sentence} writes it; other updates have the commit's message. */
const own = /^(rollback (?:to \S+|undo|last-good)) by /;

/** Whatever the levers say is of another change. */
const onData = /^(rollback data .+?) by (.+?)(?:: (.*?))?(?: \(([^()]*)\))?$/;

export function told(past: PastUpdate): ToldUpdate {
  const { startedAt, endedAt } = past;
  const seconds = endedAt === undefined ? null : Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
  return { at: startedAt, seconds, ...(isDataWork(past) ? toldOfData(past) : toldOfLevers(past)) };
}

type Told = Omit<ToldUpdate, "at" | "seconds">;

function toldOfData({ message, result }: PastUpdate): Told {
  const [, what = message, by = null, why = null, incident = null] = onData.exec(message) ?? [];
  return { what, by, why, incident, level: null, ended: result === "succeeded" ? "done" : "failed" };
}

function toldOfLevers({ result, message, levers }: PastUpdate): Told {
  const what = own.exec(message)?.[1];
  const change: Record<string, unknown> = what && isObject(levers.change) ? levers.change : {};
  const text = (value: unknown) => (value === undefined ? null : String(value));
  return {
    by: text(change.requestedBy),
    what: what ?? "pulumi up",
    level: text(change.level),
    why: text(change.reason),
    incident: text(change.incident),
    ended: endingOf({ result, levers }),
  };
}

function endingOf({ result, levers }: Pick<PastUpdate, "result" | "levers">): ToldUpdate["ended"] {
  if (result === "in-progress") return "cut off";
  if (result === "failed") return "failed";
  return isObject(levers.verification) && String(levers.maintenance) !== "true" ? "verified" : "well, not verified";
}

export const pastHeadings = ["when", "took", "who", "what", "why", "ended"];

export function pastLine(update: PastUpdate): string[] {
  const { at, seconds, by, what, why, incident, ended } = told(update);
  return [
    utc(at),
    seconds === null ? "" : `${seconds} s`,
    by ?? "",
    what,
    [why, incident && `(${incident})`].filter(Boolean).join(" "),
    ended,
  ];
}
