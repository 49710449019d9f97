import type { Client, QueryArrayResult, QueryConfig } from "pg";

/** What a statement answers; of many rows only the first. Values are as PostgreSQL prints them. */
export interface Answer {
  columns: string[];
  first: (string | null)[][];
  rows: number;
}

/** The server refuses it where it is several. */
export const oneStatement = (sql: string): QueryConfig & { queryMode: "extended" } => ({ text: sql, queryMode: "extended" });

const shown = 20;
const asPrinted = { getTypeParser: () => (value: unknown) => value };

/**
 * Asks one question, as a cursor of the connection's transaction: so it can only be one statement, and one that answers rows. What it
 * might change in spite of that is for the transaction to refuse; that goes on whatever the answer is.
 * @returns the answer, or why there is none.
 */
export async function ask(client: Client, sql: string): Promise<Answer | string> {
  await client.query("SAVEPOINT question");
  try {
    await client.query(oneStatement(`DECLARE answer NO SCROLL CURSOR FOR ${sql}`));
    const fetch = { text: `FETCH ${shown} FROM answer`, rowMode: "array" as const, types: asPrinted };
    const { fields, rows }: QueryArrayResult<(string | null)[]> = await client.query(fetch);
    const { rowCount } = await client.query("MOVE FORWARD ALL FROM answer");
    return { columns: fields.map(({ name }) => name), first: rows, rows: rows.length + (rowCount ?? 0) };
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    // Without one it is not the statement that failed.
    if (code === undefined || code.startsWith("57P")) throw error;
    return message;
  } finally {
    await client.query("ROLLBACK TO question").catch(() => {});
  }
}
