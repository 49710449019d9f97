import { pipeline } from "node:stream/promises";
import type { Client } from "pg";
import { from, to } from "pg-copy-streams";
import { type Evidence, provenBackup } from "./evidence.ts";
import { alone } from "./lock.ts";
import { inScratch } from "./scratch.ts";
import type { Server } from "./server.ts";
import { type Table, tablesOf } from "./tables.ts";

/** A table that the forensic backup and the database both have. */
export interface Compared extends Table {
  /** Columns, quoted, that both have. */
  common: string[];
  /** Columns of the backup's that the database has not. */
  gone: string[];
  /** A temporary table with the backup's rows. */
  rows: string;
  /** A temporary table with those of them that the database has not. */
  missing: string;
  /** How many those are. */
  lost: number;
  /** Rows of the same key that say something else now; they are the database's to keep. */
  differing: number;
}

export interface Comparison {
  evidence: Evidence;
  tables: Compared[];
  /** Tables that the database has not, with the backup's rows in them. */
  gone: Record<string, number>;
}

/** What a migration tool notes is of the revision that the backup had, not of the one that the database has. */
const bookkeeping = /migration|alembic_version|flyway_schema_history|databasechangelog/i;

/**
 * Work with the rows of a forensic backup, the one that was taken before a restore, beside those of the database in use, by a connection to
 * the latter. What is compared is in temporary tables: nothing of it is left.
 * @throws DatabaseError where the backup is not the one that was proved.
 */
export async function compared<T>(server: Server, dump: string, work: (client: Client, comparison: Comparison) => Promise<T>): Promise<T> {
  const evidence = await provenBackup(server, dump);
  return alone(server, () =>
    inScratch(server, dump, (scratch) =>
      server.session(server.database, async (client) => {
        // Times without a zone are taken as UTC, whatever the server's zone is.
        await client.query("SET timezone = 'UTC'");
        return work(client, { evidence, ...(await compare(scratch, client)) });
      }),
    ),
  );
}

async function compare(scratch: Client, client: Client): Promise<Omit<Comparison, "evidence">> {
  const [then, now] = [await tablesOf(scratch), await tablesOf(client)];
  const tables: Compared[] = [];
  const gone: Record<string, number> = {};
  for (const [name, before] of then) {
    if (bookkeeping.test(name)) continue;
    const table = now.get(name);
    if (table) tables.push(await compareTable({ scratch, client }, before, table, tables.length));
    else gone[name] = await count(scratch, before.quoted);
  }
  return { tables, gone };
}

async function compareTable(
  { scratch, client }: Record<"scratch" | "client", Client>,
  before: Table,
  table: Table,
  index: number,
): Promise<Compared> {
  const common = Object.keys(table.columns).filter((column) => column in before.columns);
  const key = table.key.every((column) => common.includes(column)) ? table.key : [];
  const [rows, missing] = [`pg_temp.forensic_${index}`, `pg_temp.missing_${index}`];
  const list = common.join(", ");
  await client.query(`CREATE TEMPORARY TABLE ${rows.slice("pg_temp.".length)} AS SELECT ${list} FROM ${table.quoted} WITH NO DATA`);
  await pipeline(scratch.query(to(`COPY (SELECT ${list} FROM ${before.quoted}) TO STDOUT`)), client.query(from(`COPY ${rows} FROM STDIN`)));
  await client.query(`ANALYZE ${rows}`);
  const which = key.length > 0 ? absent(rows, table.quoted, key) : surplus(rows, table.quoted, common);
  await client.query(`CREATE TEMPORARY TABLE ${missing.slice("pg_temp.".length)} AS ${which}`);
  await client.query(`ANALYZE ${missing}`);
  const same = `${row("f", key)} = ${row("t", key)}`;
  const changed = `${row("f", common)}::text <> ${row("t", common)}::text`;
  return {
    ...table,
    key,
    common,
    gone: Object.keys(before.columns).filter((column) => !(column in table.columns)),
    rows,
    missing,
    lost: await count(client, missing),
    differing: key.length > 0 ? await count(client, `${rows} AS f JOIN ${table.quoted} AS t ON ${same} WHERE ${changed}`) : 0,
  };
}

/** Rows whose key the table has not. */
const absent = (rows: string, table: string, key: string[]): string =>
  `SELECT f.* FROM ${rows} AS f WHERE NOT EXISTS (SELECT FROM ${table} AS t WHERE ${row("t", key)} = ${row("f", key)})`;

/** Rows of a table without a key: those that it has fewer times than the backup has. */
function surplus(rows: string, table: string, columns: string[]): string {
  const numbered = (relation: string): string => {
    const text = `${row("r", columns)}::text`;
    return `(SELECT r.*, ${text} AS "row as text", row_number() OVER (PARTITION BY ${text}) AS "which of the same" FROM ${relation} AS r)`;
  };
  const both = ['"row as text"', '"which of the same"'];
  return `SELECT ${columns.map((column) => `f.${column}`).join(", ")} FROM ${numbered(rows)} AS f
    WHERE NOT EXISTS (SELECT FROM ${numbered(table)} AS t WHERE ${row("t", both)} = ${row("f", both)})`;
}

/** `ROW(alias."a", alias."b")`. */
export const row = (alias: string, columns: readonly string[]): string =>
  `ROW(${columns.map((column) => `${alias}.${column}`).join(", ")})`;

/** Rows of a table, or of whatever else can stand after FROM. */
export async function count(client: Client, relation: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${relation}`);
  return Number(rows[0]?.count);
}
