import type { Client } from "pg";
import { plural } from "../../components/plan/words.ts";
import { type Comparison, compared, row } from "./forensic.ts";
import type { Server } from "./server.ts";
import type { Say } from "./steps.ts";

export interface Loss {
  /** What was written in it is not in the database; UTC. `from` is missing where no table has a time. */
  window: { from?: string; to: string; seconds?: number };
  /** Rows that the forensic backup has: `missing` in the database, or there with the same key and other values. */
  tables: Record<string, { missing: number; differing: number }>;
  /** Rows of tables that the database has not. */
  gone: Record<string, number>;
}

/**
 * How much a restore lost (row B5): since when, and how many rows of each table are in the forensic backup and not in the database.
 * The window goes from the newest row that both have to the time of the forensic backup.
 */
export function loss(server: Server, forensic: string, say: Say): Promise<Loss> {
  return compared(server, forensic, async (client, comparison) => {
    const { evidence, tables, gone } = comparison;
    const newest = await newestIn(client, comparison);
    const to = evidence.takenAt;
    const seconds = newest && (Date.parse(to) - newest.getTime()) / 1000;
    const window = { ...(newest && { from: newest.toISOString(), seconds }), to };
    say(newest ? `data-loss window: ${window.from} to ${to} (${seconds} s)` : `data-loss window: until ${to}; no table says since when`);
    for (const { name, lost, differing } of tables) say(`${name}: ${plural(lost, "row")} missing, ${differing} differ`);
    for (const [name, rows] of Object.entries(gone)) say(`${name}: ${plural(rows, "row")} of a table that the database has not`);
    return { window, tables: Object.fromEntries(tables.map(({ name, lost, differing }) => [name, { missing: lost, differing }])), gone };
  });
}

/** Of the rows that both have the newest time; none after the backup, as that an offer ends is none of the row's own times. */
async function newestIn(client: Client, { evidence, tables }: Comparison): Promise<Date | undefined> {
  const times: Date[] = [];
  for (const { quoted, rows, key, columns } of tables) {
    const dated = Object.keys(columns).filter((column) => columns[column]?.startsWith("timestamp"));
    for (const column of key.length > 0 ? dated : []) {
      const { rows: found } = await client.query<{ newest: Date | null }>(
        `SELECT max(t.${column}::timestamptz) AS newest FROM ${quoted} AS t JOIN ${rows} AS f ON ${row("f", key)} = ${row("t", key)}
         WHERE t.${column}::timestamptz <= $1`,
        [evidence.takenAt],
      );
      if (found[0]?.newest) times.push(found[0].newest);
    }
  }
  return times.sort((a, b) => b.getTime() - a.getTime())[0];
}
