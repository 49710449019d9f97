import { readFileSync } from "node:fs";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";

export interface Connection {
  /** `postgres://user@host:port/database`. */
  url: string;
  /** Holds the password, where the address does not. */
  passwordFile?: string | undefined;
  /** Connections at most. */
  connections: number;
}

/** What a request may wait for a connection, or for an answer. */
const timeoutMs = 5000;

/** A pool that connects when it is first asked. */
export function connect<Tables>({ url, passwordFile, connections }: Connection): Kysely<Tables> {
  const address = new URL(url);
  // pg lets nothing beside the address have a say, not even where the address has no password.
  if (passwordFile !== undefined) address.password = encodeURIComponent(readFileSync(passwordFile, "utf8").trim());
  const pool = new Pool({ connectionString: address.href, max: connections, connectionTimeoutMillis: timeoutMs });
  // Those that wait for nothing may be cut off at any time; the next one who asks gets a new one, or the error.
  pool.on("error", () => {});
  // Those that wait for an answer get the error for it; nobody would take it a second time, which ends the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
