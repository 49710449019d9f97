import type { Client } from "pg";
import { plural } from "../../components/plan/words.ts";
import { type Answer, ask } from "./ask.ts";
import { type Checks, type Queries, readChecks } from "./checks.ts";
import { DatabaseError } from "./errors.ts";
import type { Server } from "./server.ts";
import type { Say } from "./steps.ts";

/** A count that is as expected, or how many rows a person is to look at. */
export type Checked = { answer: number } | { rows: number };

/**
 * Asks a plan's questions (rows B12, C5, W5), all of one moment, in a transaction that can only read.
 * @param file JSON with the plan's `queries` and `repairs`.
 * @throws DatabaseError with every question that is not answered as expected, or that is not one statement that reads.
 */
export async function check(server: Server, file: string, say: Say): Promise<{ checks: Record<string, Checked> }> {
  const checks = readChecks(file);
  return { checks: await server.session(server.database, (client) => checkAll(client, checks, say)) };
}

/** The same with a connection, to whichever database it is. */
export async function checkAll(client: Client, { queries, repairs }: Checks, say: Say): Promise<Record<string, Checked>> {
  const checked: Record<string, Checked> = {};
  const problems: string[] = [];
  await reading(client, async () => {
    for (const [name, query] of Object.entries(queries)) {
      const result = judge(query, await ask(client, query.sql));
      if (typeof result === "string") problems.push(`${name} (${query.title}) ${result}${remedy(name, repairs)}`);
      else {
        checked[name] = "answer" in result ? { answer: result.answer } : { rows: result.rows };
        for (const line of told(name, result)) say(line);
      }
    }
  });
  if (problems.length > 0) throw new DatabaseError(problems.join("\n"));
  return checked;
}

type Judged = { answer: number } | Answer;

/** The answer where it is as expected, else what is wrong with it. */
export function judge({ expect }: Queries[string], answer: Answer | string): Judged | string {
  if (expect === undefined) return typeof answer === "string" ? unasked(answer) : answer;
  const counted = countIn(answer);
  if (typeof counted === "string") return counted;
  return isExpected(expect, counted) ? { answer: expect } : `answers ${counted.count} instead of ${expect}`;
}

/** The one count of an answer, as PostgreSQL prints it; what is wrong with the answer where it is no count. */
export function countIn(answer: Answer | string): { count: string } | string {
  if (typeof answer === "string") return unasked(answer);
  const { columns, first, rows } = answer;
  if (columns.length !== 1)
    return `answers ${plural(columns.length, "column")} (${columns.join(", ")}); a check that expects a count answers one`;
  if (rows !== 1) return `answers ${plural(rows, "row")}; a check that expects a count answers one`;
  const [[value = null] = []] = first;
  return { count: value ?? "null" };
}

export const isExpected = (expect: number | undefined, { count }: { count: string }): boolean => Number(count) === expect;

const unasked = (why: string): string => `cannot be asked: ${why}; a check is one SELECT, and reads only`;

/** In a transaction of one moment that can only read, whatever the work. */
export async function reading<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    return await work();
  } finally {
    await client.query("ROLLBACK").catch(() => {});
  }
}

/** What puts right the data that a check found wrong, as typed: its statements together, each of which may leave what another one mends, or a script. */
export function remedy(name: string, repairs: Checks["repairs"]): string {
  const own = Object.entries(repairs).filter(([, { provenBy }]) => provenBy === name);
  const statements = own.flatMap(([repair, definition]) => ("sql" in definition ? [repair] : []));
  const [script] = own.flatMap(([, definition]) => ("dryRun" in definition ? [definition.dryRun] : []));
  const command = statements.length > 0 ? `rollback data repair ${statements.join(" ")}` : script;
  return command === undefined ? "" : `; this tries what puts it right, and changes nothing yet\n    mend it with: ${command}`;
}

function told(name: string, result: Judged): string[] {
  if ("answer" in result) return [`${name}: ${result.answer}, as expected`];
  const { columns, first, rows } = result;
  const more = rows > first.length ? [`  and ${rows - first.length} more`] : [];
  return [
    `${name}: ${plural(rows, "row")}${rows > 0 ? ` (${columns.join(" | ")})` : ""}`,
    ...first.map((row) => `  ${row.map((value) => value ?? "null").join(" | ")}`),
    ...more,
  ];
}
