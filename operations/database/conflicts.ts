import type { Client } from "pg";
import { plural } from "../../components/plan/words.ts";
import { type Compared, count, row } from "./forensic.ts";

/** Takes out of a table's missing rows those that it could not take beside its own or each other. Returns how many, by what has to be unique. */
export async function dropConflicts(client: Client, { quoted, missing, common, unique }: Compared): Promise<Record<string, number>> {
  const conflicts: Record<string, number> = {};
  for (const { name, columns } of unique.filter(({ columns }) => within(columns, common))) {
    const { rowCount } = await client.query(
      `DELETE FROM ${missing} AS m WHERE ${row("m", columns)} IS NOT NULL AND (
         EXISTS (SELECT FROM ${quoted} AS t WHERE ${row("t", columns)} = ${row("m", columns)})
         OR EXISTS (SELECT FROM ${missing} AS other WHERE other.ctid <> m.ctid AND ${row("other", columns)} = ${row("m", columns)}))`,
    );
    if (rowCount) conflicts[name] = rowCount;
  }
  return conflicts;
}

/** What the missing rows refer to, where neither the database nor what is recovered with them has it; each in a line. */
export async function orphans(client: Client, tables: readonly Compared[]): Promise<string[]> {
  const problems: string[] = [];
  for (const { name: table, missing, common, references } of tables) {
    for (const { name, columns, table: parent, tableQuoted, key } of references.filter(({ columns }) => within(columns, common))) {
      const recovered = tables.find(({ name }) => name === parent)?.missing;
      const places = [tableQuoted, ...(recovered ? [recovered] : [])];
      const nowhere = places.map((place) => `NOT EXISTS (SELECT FROM ${place} AS p WHERE ${row("p", key)} = ${row("m", columns)})`);
      const rows = await count(client, `${missing} AS m WHERE ${row("m", columns)} IS NOT NULL AND ${nowhere.join(" AND ")}`);
      if (rows > 0)
        problems.push(
          `${table}: no row of ${parent} is there for ${plural(rows, "row")} (${name}); put those in first, or they cannot come back`,
        );
    }
  }
  return problems;
}

const within = (columns: readonly string[], all: readonly string[]): boolean => columns.every((column) => all.includes(column));
