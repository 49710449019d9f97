import type { Client } from "pg";

/** Work of others on a database that is not over. */
export interface OpenTransaction {
  /** `app (process 4711, psql, idle in transaction)` or, prepared for a commit in two phases, `app ("name", prepared)`. */
  who: string;
  seconds: number;
  /** What ends it. */
  end: string;
}

/** Transactions on the database that are open for longer than that, the oldest first. Never what they ask: that may be private. */
export async function openTransactions(client: Client, database: string, seconds: number): Promise<OpenTransaction[]> {
  const { rows } = await client.query<OpenTransaction>(
    `SELECT * FROM (
       SELECT format('%s (process %s, %s%s)', usename, pid, CASE WHEN application_name <> '' THEN application_name || ', ' END, state) AS who,
         extract(epoch FROM clock_timestamp() - xact_start)::int AS seconds,
         format('SELECT pg_terminate_backend(%s)', pid) AS "end"
       FROM pg_stat_activity
       WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND xact_start IS NOT NULL
       UNION ALL
       SELECT format('%s (%L, prepared)', owner, gid), extract(epoch FROM clock_timestamp() - prepared)::int, format('ROLLBACK PREPARED %L', gid)
       FROM pg_prepared_xacts WHERE database = $1
     ) AS open WHERE seconds >= $2 ORDER BY seconds DESC`,
    [database, seconds],
  );
  return rows;
}
