import type { Client } from "pg";

/** Rows of each table, by `schema.table`. */
export type Rows = Record<string, number>;

/** Every row of every table of the database, as the connection's transaction sees it. */
export async function countRows(client: Client): Promise<Rows> {
  const { rows: tables } = await client.query<{ name: string; quoted: string }>(
    `SELECT schemaname || '.' || tablename AS name, format('%I.%I', schemaname, tablename) AS quoted
     FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const counted: Rows = {};
  for (const { name, quoted } of tables) {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${quoted}`);
    counted[name] = Number(rows[0]?.count);
  }
  return counted;
}

/** Where two counts differ, table by table. */
export function differences(expected: Rows, found: Rows): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    .sort()
    .filter((table) => expected[table] !== found[table])
    .map((table) => `${table} has ${found[table] ?? "no"} rows instead of ${expected[table] ?? "not being there"}`);
}
