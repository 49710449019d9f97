import type { Client } from "pg";

/** A foreign key: its own columns, and those of the table that it refers to. */
export interface Reference {
  name: string;
  columns: string[];
  table: string;
  tableQuoted: string;
  key: string[];
}

/** A table of a database, as its catalog describes it. */
export interface Table {
  /** `public.messages`. */
  name: string;
  /** The same as SQL has it. */
  quoted: string;
  /** Names, quoted, of what can be written, with their types. */
  columns: Record<string, string>;
  /** The primary key's columns, quoted; none where there is no such key. */
  key: string[];
  /** Columns, quoted, that have to be unique together; partial indexes and those of expressions are left to the server. */
  unique: { name: string; columns: string[] }[];
  references: Reference[];
}

const columnsOf = (relation: string, numbers: string): string =>
  `(SELECT coalesce(json_agg(quote_ident(attname) ORDER BY place), '[]') FROM unnest(${numbers}) WITH ORDINALITY AS numbered (number, place)
    JOIN pg_attribute ON attrelid = ${relation} AND attnum = number)`;

/** The tables of a connection's database by their names, partitions as the table that they are of. */
export async function tablesOf(client: Client): Promise<Map<string, Table>> {
  const { rows } = await client.query<Table>(
    `SELECT nspname || '.' || relname AS name, format('%I.%I', nspname, relname) AS quoted,
       (SELECT json_object_agg(quote_ident(attname), format_type(atttypid, atttypmod) ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
       coalesce((SELECT ${columnsOf("t.oid", "indkey")} FROM pg_index WHERE indrelid = t.oid AND indisprimary), '[]') AS key,
       (SELECT coalesce(json_agg(json_build_object('name', indexrelid::regclass::text, 'columns', ${columnsOf("t.oid", "indkey")})), '[]')
        FROM pg_index WHERE indrelid = t.oid AND indisunique AND indpred IS NULL AND indexprs IS NULL) AS unique,
       (SELECT coalesce(json_agg(json_build_object('name', quote_ident(conname), 'columns', ${columnsOf("t.oid", "conkey")},
          'table', referred.nspname || '.' || referred.relname, 'tableQuoted', format('%I.%I', referred.nspname, referred.relname), 'key', ${columnsOf("confrelid", "confkey")})), '[]')
        FROM pg_constraint JOIN (SELECT pg_class.oid, nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace) AS referred
          ON referred.oid = confrelid WHERE conrelid = t.oid AND contype = 'f') AS references
     FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = relnamespace
     WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname <> 'information_schema' AND nspname !~ '^pg_' ORDER BY 1`,
  );
  return new Map(rows.map((table) => [table.name, { ...table, columns: table.columns ?? {} }]));
}
