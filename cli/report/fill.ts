import { quoted } from "../../components/levers/commands.ts";
import type { Plan, Report } from "../../components/plan/plan.ts";
import type { Recorded } from "../../components/plan/report.ts";
import { type ReportValues, reportText } from "../../pages/runbook/report.ts";
import { type FieldValues, fieldValues } from "../fieldValues.ts";
import { didYouMean } from "../nearest.ts";
import { OperatorError } from "../operatorError.ts";
import { utc } from "../text.ts";
import { postMortem, postMortemName } from "./postMortem.ts";

/** The plan's reports and the post-mortem, by name. */
export const reportsOf = (plan: Plan): Record<string, Report> => ({ ...plan.reports, [postMortemName]: postMortem(plan) });

/** @throws {OperatorError} that names the nearest where there is no such report. */
export function reportOf(plan: Plan, name: string): Report {
  const reports = reportsOf(plan);
  const report = Object.hasOwn(reports, name) ? reports[name] : undefined;
  if (report) return report;
  const known = Object.keys(reports);
  throw new OperatorError(
    `the plan of ${plan.system} has no report ${name}.${didYouMean(name, known)} It has ${known.join(", ")}.`,
    "usage",
  );
}

type Field = Report["sections"][number]["fields"][string];

const fieldsOf = ({ sections }: Report): [string, Field][] => sections.flatMap(({ fields }) => Object.entries(fields));

/** What was typed as `field=value`, moments in UTC. @throws {OperatorError} that names everything that is wrong with it. */
export function typedValues(name: string, report: Report, typed: readonly string[]): FieldValues {
  const fields = Object.fromEntries(fieldsOf(report));
  const values = fieldValues(`report ${name}`, Object.keys(fields), typed, "Nothing was written.");
  return inUtc(values, (field) => fields[field]?.type === "moment");
}

const zoned = /(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$/i;

/** Times among the values, in UTC. @throws {OperatorError} for those that are none, or have no zone. */
export function inUtc(values: FieldValues, isTime: (field: string) => boolean): FieldValues {
  const wrong = Object.entries(values).filter(([field, value]) => isTime(field) && !isTimeWithZone(value));
  if (wrong.length > 0) {
    const lines = wrong.map(([field, value]) => `${field}: expected a time with its zone, like 2026-11-21T02:41Z, got ${value}`);
    throw new OperatorError(`${lines.join("\n")}\nNothing was written.`, "usage");
  }
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, isTime(field) ? utc(value) : value]));
}

const isTimeWithZone = (value: string): boolean => zoned.test(value.trim()) && !Number.isNaN(Date.parse(value));

export interface Filled {
  text: string;
  /** Names of the fields that neither the record nor a person told. */
  gaps: string[];
}

/** What was typed comes before what is on record; what is neither stays a place in brackets. */
export function filledReport(report: Report, typed: FieldValues, known: Partial<Record<Recorded, string[]>>): Filled {
  const values = Object.fromEntries(
    fieldsOf(report).flatMap(([name, { from }]) => {
      const value = typed[name] === undefined ? from && known[from] : [typed[name]];
      return value === undefined ? [] : [[name, value] as const];
    }),
  ) satisfies ReportValues;
  const open = fieldsOf(report).filter(([name, { type }]) => values[name] === undefined && type !== "check" && type !== "signature");
  return { text: reportText(report, values), gaps: open.map(([name]) => name) };
}

/** The command with a place for each gap, to go on with. */
export const completing = (command: string, typed: FieldValues, gaps: readonly string[]): string =>
  [command, ...Object.entries(typed).map(([field, value]) => `${field}=${quoted(value)}`), ...gaps.map((gap) => `${gap}=<${gap}>`)].join(
    " ",
  );
