import { fieldValues } from "../fieldValues.ts";
import { drilled } from "../stack/drilled.ts";
import { isDataWork, readHistory, readWork } from "../stack/history.ts";
import type { OpenStack } from "../stack/open.ts";
import { utc } from "../text.ts";
import { cdEventFields, cdEvents } from "./cdEvents.ts";
import { completing, filledReport, inUtc, reportOf, typedValues } from "./fill.ts";
import { type Happened, lastRollback } from "./happened.ts";
import { known } from "./known.ts";

export interface Written {
  text: string;
  /** For whoever goes on with it: which rollback it is of, and what nothing told. */
  notes: string[];
}

export interface Asked {
  /** `field=value`, as typed. */
  typed: readonly string[];
  /** Which incident's rollback; default: the last one. */
  incident: string | undefined;
  /** The command without its fields, to go on with. */
  command: string;
}

/** Enough to find a rollback of the last days in, with what was before it. */
const updatesLookedAt = 50;

/** One of the plan's reports, in Markdown. @throws {OperatorError} */
export async function markdownReport(stack: OpenStack, name: string, { typed, incident, command }: Asked): Promise<Written> {
  // What is typed wrongly is told before the backend is asked.
  const report = reportOf(stack.plan, name);
  const values = typedValues(name, report, typed);
  const work = await readWork(stack, updatesLookedAt);
  const updates = work.filter((one) => !isDataWork(one));
  const rollback = lastRollback(stack.plan, updates, stack.name, incident);
  const { text, gaps } = filledReport(report, values, known(stack.plan, rollback, work, drilled(stack)));
  const open =
    gaps.length === 0 ? [] : ["Not on record, and left as places to fill in. With them:", `    ${completing(command, values, gaps)}`];
  return { text, notes: [whichOf(rollback), ...open] };
}

/** The rollback's CDEvents, as a JSON array. @throws {OperatorError} */
export async function eventsReport(stack: OpenStack, { typed, incident }: Asked): Promise<Written> {
  const values = inUtc(fieldValues("CDEvents", cdEventFields, typed, "Nothing was written."), (field) => field !== "ticket");
  const history = await readHistory(stack, updatesLookedAt);
  const rollback = lastRollback(stack.plan, history, stack.name, incident);
  const whole = history.length < updatesLookedAt;
  const { events, gaps } = cdEvents({ plan: stack.plan, stack: stack.name, rollback, history, whole, typed: values });
  const open = gaps.length === 0 ? [] : ["Not on record, and so no event:", ...gaps.map((gap) => `    ${gap}`)];
  return { text: JSON.stringify(events, null, 2), notes: [whichOf(rollback), ...open] };
}

const whichOf = ({ what, steps, ended }: Happened): string => `Of ${what}, begun ${utc(steps[0]?.startedAt ?? "")}: ${ended}.`;
