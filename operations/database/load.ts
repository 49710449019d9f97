import { availableParallelism } from "node:os";
import { type Client, escapeIdentifier } from "pg";
import type { Server } from "./server.ts";

/** More than that the server has for its own work anyway. */
const jobs = Math.min(availableParallelism(), 4);

/** Restores a dump into a database that is empty, with owners and privileges as they were, and stops at the first error. */
export async function load(server: Server, dump: string, database: string): Promise<void> {
  await server.run("pg_restore", ["--exit-on-error", `--jobs=${jobs}`, dump], database);
}

/** After work that may have lost its connection. Where the server does not answer, the next run drops it. */
export const dropLater = (server: Server, database: string): Promise<void> =>
  server.session(server.maintenance, (client) => drop(client, database)).catch(() => {});

/** Also while somebody is connected to it. Only for databases of the steps' own. */
export async function drop(client: Client, database: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(database)} WITH (FORCE)`);
}
