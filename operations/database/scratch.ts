import type { Client } from "pg";
import { DatabaseError } from "./errors.ts";
import { drop, dropLater, load } from "./load.ts";
import { createLike } from "./properties.ts";
import { countRows, type Rows } from "./rows.ts";
import type { Server } from "./server.ts";

/**
 * Work with a dump that is restored into a database of its own, beside the one that is in use, which is dropped after it; also one that an
 * interrupted run left. @throws DatabaseError where the dump cannot be restored.
 */
export async function inScratch<T>(server: Server, dump: string, work: (scratch: Client) => Promise<T>): Promise<T> {
  const scratch = `${server.database}_rollback_scratch`;
  try {
    await server.session(server.maintenance, async (client) => {
      await drop(client, scratch);
      await createLike(client, server.database, scratch);
    });
    await load(server, dump, scratch).catch((error: Error) => {
      throw new DatabaseError(`the backup cannot be restored: ${error.message}`);
    });
    return await server.session(scratch, work);
  } finally {
    await dropLater(server, scratch);
  }
}

/** Every row that comes back from a dump, counted. */
export const tryRestore = (server: Server, dump: string): Promise<Rows> => inScratch(server, dump, countRows);
