import type { Client } from "pg";
import { plural } from "../../components/plan/words.ts";
import { dropConflicts, orphans } from "./conflicts.ts";
import { DatabaseError } from "./errors.ts";
import { type Compared, compared, count } from "./forensic.ts";
import type { Server } from "./server.ts";
import type { Say } from "./steps.ts";
import { transaction } from "./transaction.ts";

export interface Recovery {
  /** Whether it was done, or only tried. */
  confirmed: boolean;
  tables: Record<string, { recovered: number; conflicts: number }>;
}

/**
 * Brings rows back that are in the forensic backup and not in the database (row B5): tried first, then confirmed. What the
 * database has is never changed, so that a second run finds nothing to do. One transaction.
 * @throws DatabaseError where a row would refer to nothing; then nothing was recovered.
 */
export function recover(server: Server, forensic: string, confirmed: boolean, say: Say): Promise<Recovery> {
  return compared(server, forensic, async (client, { tables, gone }) => {
    for (const [name, rows] of Object.entries(gone))
      say(`${name}: ${plural(rows, "row")} cannot be recovered: the database has no such table`);
    return transaction(client, confirmed, async () => {
      const recovery: Recovery = { confirmed, tables: {} };
      for (const table of tables) {
        const conflicts = await dropConflicts(client, table);
        const recovered = await count(client, table.missing);
        const clashing = Object.values(conflicts).reduce((sum, rows) => sum + rows, 0);
        recovery.tables[table.name] = { recovered, conflicts: clashing };
        for (const line of told(table, conflicts, recovered, confirmed)) say(line);
      }
      const problems = await orphans(client, tables);
      if (problems.length > 0) throw new DatabaseError(problems.join("\n"));
      for (const table of parentsFirst(tables)) await insert(client, table);
      if (!confirmed) say("Nothing was recovered: with --confirm it is");
      return recovery;
    });
  });
}

function told({ name, gone, differing }: Compared, conflicts: Record<string, number>, recovered: number, confirmed: boolean): string[] {
  const lines = [`${name}: ${plural(recovered, "row")} ${confirmed ? "recovered" : "would be recovered"}`];
  for (const [index, rows] of Object.entries(conflicts)) lines.push(`  ${rows} are left out: ${index} has to be unique`);
  if (differing > 0) lines.push(`  ${differing} are there with other values, which stay`);
  if (gone.length > 0 && recovered > 0) lines.push(`  without ${gone.join(", ")}, which the database has not`);
  return lines;
}

async function insert(client: Client, { quoted, common, missing }: Compared): Promise<void> {
  const list = common.join(", ");
  await client.query(`INSERT INTO ${quoted} (${list}) OVERRIDING SYSTEM VALUE SELECT ${list} FROM ${missing}`);
  // The numbers that came back must not be given again.
  for (const column of common) {
    const { rows } = await client.query<{ sequence: string | null }>("SELECT pg_get_serial_sequence($1, $2) AS sequence", [
      quoted,
      column.replace(/^"(.*)"$/, (_, name: string) => name.replaceAll('""', '"')),
    ]);
    const sequence = rows[0]?.sequence;
    if (!sequence) continue;
    const ahead = `SELECT max(${column}) AS newest FROM ${quoted}`;
    await client.query(
      `SELECT setval('${sequence.replaceAll("'", "''")}', newest) FROM (${ahead}) AS ahead, ${sequence} WHERE newest > last_value`,
    );
  }
}

/** A row before those that refer to it; where tables refer to each other in a circle, it is for the server to refuse. */
function parentsFirst(tables: readonly Compared[]): Compared[] {
  const ordered = new Set<Compared>();
  const seen = new Set<Compared>();
  const visit = (table: Compared): void => {
    if (seen.has(table)) return;
    seen.add(table);
    for (const { table: parent } of table.references) for (const other of tables) if (other.name === parent) visit(other);
    ordered.add(table);
  };
  tables.forEach(visit);
  return [...ordered];
}
