import type { Client } from "pg";
import { ask } from "./ask.ts";
import { countIn, isExpected } from "./check.ts";
import type { Queries } from "./checks.ts";
import type { Say } from "./steps.ts";

/** What checks answered, by their names. */
export type Answers = Record<string, { expect: number; answer: string }>;

/** What a transaction is answered, whatever it is: what a backup is taken for is often that the data are wrong. */
export async function answersTo(client: Client, queries: Queries): Promise<Answers> {
  const answers: Answers = {};
  for (const [name, { sql, expect = 0 }] of Object.entries(queries)) {
    const counted = countIn(await ask(client, sql));
    if (typeof counted !== "string") answers[name] = { expect, answer: counted.count };
  }
  return answers;
}

/** Says what is not as expected, and what could not be asked. */
export function sayAnswers(answers: Answers, queries: Queries, say: Say): void {
  for (const [name, { title }] of Object.entries(queries)) {
    const answered = answers[name];
    if (!answered) say(`${name} (${title}) was not asked: the database has no answer to it at its revision`);
    else if (!isExpected(answered.expect, { count: answered.answer })) {
      say(`${name} (${title}) answers ${answered.answer} instead of ${answered.expect}: so are the data that are backed up`);
    }
  }
}

/** Where a copy answers otherwise than what it is a copy of. */
export const otherAnswers = (expected: Answers, found: Answers): string[] =>
  Object.entries(expected)
    .filter(([name, { answer }]) => found[name]?.answer !== answer)
    .map(([name, { answer }]) => `${name} answers ${found[name]?.answer ?? "nothing"} instead of ${answer}`);
