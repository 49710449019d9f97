import type { Client } from "pg";
import { DatabaseError } from "./errors.ts";

/**
 * Work in one transaction, which is kept where that is confirmed, and otherwise only tried.
 * @throws DatabaseError where the work fails, or where nobody knows whether it was kept: its last word was lost with the connection.
 */
export async function transaction<T>(client: Client, confirmed: boolean, work: () => Promise<T>): Promise<T> {
  let keeping = false;
  try {
    await client.query("BEGIN");
    const result = await work();
    keeping = confirmed;
    await client.query(confirmed ? "COMMIT" : "ROLLBACK");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    const { message, code = "57P" } = error as { message: string; code?: string };
    const unknown = keeping && code.startsWith("57P");
    throw new DatabaseError(message, unknown ? "whether it was kept is not known; run it again, which does nothing twice" : undefined);
  }
}
