import { setTimeout as sleep } from "node:timers/promises";
import { type Client, escapeIdentifier } from "pg";
import { DatabaseError } from "./errors.ts";
import type { Server } from "./server.ts";
import { openTransactions } from "./transactions.ts";

/**
 * Puts a database into the place of the one that is in use, which stays under another name: two renames in one transaction, so that there
 * is no moment with half of it. New connections wait meanwhile; idle ones to the old database are ended.
 * @param client connected to neither.
 * @throws DatabaseError where somebody works on the database; then both have the names they had.
 */
export async function swap(server: Server, client: Client, next: string, before: string): Promise<void> {
  const busy = await openTransactions(client, server.database, 0);
  if (busy.length > 0) {
    const names = busy.map(({ who, seconds, end }) => `${who}, for ${seconds} s; to end it: ${end}`);
    throw new DatabaseError(
      names.map((name) => `somebody works on ${server.database}, whose rows the restore would lose: ${name}`).join("\n"),
    );
  }
  let over = false;
  const renamed = rename(client, [server.database, before], [next, server.database]).finally(() => {
    over = true;
  });
  // Renaming holds new connections back and waits up to 5 s for those that are there.
  await Promise.all([
    renamed,
    server.session(server.maintenance, async (other) => {
      while (!over) {
        await other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [server.database]);
        await sleep(50);
      }
    }),
  ]);
}

async function rename(client: Client, ...names: [from: string, to: string][]): Promise<void> {
  await client.query("BEGIN");
  try {
    for (const [from, to] of names) await client.query(`ALTER DATABASE ${escapeIdentifier(from)} RENAME TO ${escapeIdentifier(to)}`);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}
