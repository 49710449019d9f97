import { quoted } from "../../components/levers/commands.ts";
import { withFields } from "../../components/plan/message.ts";
import type { Plan } from "../../components/plan/plan.ts";
import { type FieldValues, fieldValues } from "../fieldValues.ts";
import { didYouMean } from "../nearest.ts";
import { OperatorError } from "../operatorError.ts";
import type { Screen } from "../screen.ts";
import type { About } from "./about.ts";

export type Message = Plan["messages"][string];

/** @throws {OperatorError} that names the nearest where the plan has no such message. */
export function messageOf({ system, messages }: Plan, name: string): Message {
  const message = messages[name];
  if (message && Object.hasOwn(messages, name)) return message;
  const known = Object.keys(messages);
  throw new OperatorError(
    `the plan of ${system} has no message ${name}.${didYouMean(name, known)} It has ${known.join(", ") || "none"}.`,
    "usage",
  );
}

/** What was typed as `field=value`. @throws {OperatorError} that names everything that is none of the message's fields. */
export const valuesOf = (name: string, { fields }: Message, typed: readonly string[]): FieldValues =>
  fieldValues(`message ${name}`, Object.keys(fields), typed, "Nothing was sent.");

interface Filling {
  typed: FieldValues;
  about: About | undefined;
  /** The command so far, to go on with: `rollback notify start --stack shop`. */
  command: string;
  screen: Screen;
}

/**
 * A message as it is sent. What was typed comes before what is known; what is neither is asked where somebody can be.
 * @throws {OperatorError} that names every field that is still missing.
 */
export async function filled(name: string, message: Message, { typed, about, command, screen }: Filling): Promise<string> {
  const recorded = Object.entries(message.fields).flatMap(([field, { from }]) => {
    const value = from && about?.known[from];
    return value === undefined ? [] : [[field, value] as const];
  });
  const known: FieldValues = { ...Object.fromEntries(recorded), ...typed };
  const answers = screen.interactive ? await asked(unsaid(message, known), screen) : {};
  const values = { ...known, ...answers };
  const missing = unsaid(message, values);
  if (missing.length > 0) {
    const given = Object.entries({ ...typed, ...answers }).map(([field, value]) => ` ${field}=${quoted(value)}`);
    throw new OperatorError(
      `message ${name} has fields that nothing here tells. Nothing was sent.\n` +
        `${missing.map(([field, { what }]) => `  ${field}: ${what}`).join("\n")}\n` +
        `    say it with: ${command}${given.join("")}${missing.map(([field]) => ` ${field}=<${field}>`).join("")}`,
      "usage",
    );
  }
  const subject = message.subject === undefined ? "" : `Subject: ${withFields(message.subject, values)}\n\n`;
  return `${subject}${withFields(message.text, values)}`;
}

const unsaid = ({ fields }: Message, values: FieldValues) => Object.entries(fields).filter(([field]) => values[field] === undefined);

/** What a person answers, until they end it. */
async function asked(fields: ReturnType<typeof unsaid>, screen: Screen): Promise<FieldValues> {
  const answers: Record<string, string> = {};
  for (const [field, { what }] of fields) {
    const answer = await screen.ask(`${field} (${what}): `);
    if (answer === undefined) break;
    if (answer !== "") answers[field] = answer;
  }
  return answers;
}
