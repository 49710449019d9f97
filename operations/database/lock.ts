import { DatabaseError } from "./errors.ts";
import type { Server } from "./server.ts";

/**
 * One step at a time on a database, whoever takes it: an advisory lock, which goes with its connection however that ends. It is held
 * beside the database, so that the database itself can be renamed meanwhile.
 * @throws DatabaseError where another step is under way.
 */
export function alone<T>(server: Server, work: () => Promise<T>): Promise<T> {
  return server.session(server.maintenance, async (client) => {
    const { rows } = await client.query<{ locked: boolean }>(
      "SELECT pg_try_advisory_lock(hashtext('rollback-stacks'), hashtext($1)) AS locked",
      [server.database],
    );
    if (!rows[0]?.locked) {
      throw new DatabaseError(`another step is under way on the database ${server.database}; try again when it is over`);
    }
    return work();
  });
}
