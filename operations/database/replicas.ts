import type { Client } from "pg";

/** Whoever follows this far behind would, where it has to take over, have lost that much. */
export interface Lag {
  bytes: number;
  seconds: number;
}

/** Replicas that are further behind than either limit, each in a line; or that the server is a replica itself. */
export async function laggingReplicas(client: Client, limit: Lag): Promise<string[]> {
  const { rows: servers } = await client.query<{ replica: boolean }>("SELECT pg_is_in_recovery() AS replica");
  if (servers[0]?.replica) return ["the server is a replica, which takes no changes; name the primary in DATABASE_URL"];
  const { rows } = await client.query<{ name: string; bytes: string; seconds: number }>(
    `SELECT * FROM (
       SELECT format('%s (%s)', application_name, coalesce(host(client_addr), 'local')) AS name,
         pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) AS bytes, coalesce(extract(epoch FROM replay_lag), 0)::int AS seconds
       FROM pg_stat_replication WHERE state IN ('catchup', 'streaming')
     ) AS replica WHERE bytes > $1 OR seconds > $2 ORDER BY name`,
    [limit.bytes, limit.seconds],
  );
  return rows.map(
    ({ name, bytes, seconds }) =>
      `the replica ${name} is ${Math.round(Number(bytes) / 2 ** 20)} MiB and ${seconds} s behind; wait until it has caught up (pg_stat_replication)`,
  );
}
