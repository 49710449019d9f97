import { DatabaseError } from "./errors.ts";
import { countRows, type Rows } from "./rows.ts";
import type { Server } from "./server.ts";

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/**
 * Restores a dump into a database of its own, beside the one that is in use, counts its rows and drops it again; also one that an
 * interrupted run left. @throws DatabaseError where the dump cannot be restored.
 */
export async function tryRestore(server: Server, dump: string): Promise<Rows> {
  const scratch = `${server.database}_rollback_scratch`;
  const drop = `DROP DATABASE IF EXISTS ${quote(scratch)} WITH (FORCE)`;
  return server.session(server.database, async (client) => {
    await client.query(drop);
    await client.query(`CREATE DATABASE ${quote(scratch)} TEMPLATE template0`);
    try {
      await server.run("pg_restore", ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", dump], scratch);
      return await server.session(scratch, countRows);
    } catch (error) {
      throw new DatabaseError(`the backup cannot be restored: ${(error as Error).message}`);
    } finally {
      await client.query(drop);
    }
  });
}
