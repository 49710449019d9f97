import { type Client, escapeIdentifier, escapeLiteral } from "pg";
import { checkAll } from "./check.ts";
import { type Checks, readChecks, withExpectation } from "./checks.ts";
import { DatabaseError } from "./errors.ts";
import { type Evidence, provenBackup } from "./evidence.ts";
import { drop, dropLater, load } from "./load.ts";
import { alone } from "./lock.ts";
import { createLike } from "./properties.ts";
import { countRows, differences } from "./rows.ts";
import type { Server } from "./server.ts";
import type { Say } from "./steps.ts";
import { swap } from "./swap.ts";

export interface Restored extends Pick<Evidence, "file" | "takenAt" | "rows"> {
  /** The name of the database that was in use until then; missing where that file was restored by an earlier run. */
  before?: string;
}

/** A setting of the database's: the backup that its data come from. It is renamed with it. */
const marker = "rollback_stacks.restored";

/** What PostgreSQL's names have, less `_before_20261121T120001Z`. */
const longestName = 63 - 24;

/**
 * Brings a database back from a backup (row B4): restores it into a new one beside it, has every row counted and every check asked there, and
 * then puts the new one into its place. The old one stays, as `<database>_before_<time>`. Whatever fails, the database in use is as
 * it was. A second run with the same file does nothing.
 * @param checks file with the plan's queries; those that expect a count have to answer it.
 * @throws DatabaseError where the backup is not the one that was proved, does not come back whole, or somebody works on the database.
 */
export async function restore(
  server: Server,
  path: string,
  checks: string | undefined,
  say: Say,
  now = () => new Date(),
): Promise<Restored> {
  const expected = checks === undefined ? undefined : readChecks(checks);
  if (Buffer.byteLength(server.database) > longestName) {
    throw new DatabaseError(
      `the name ${server.database} is longer than ${longestName} bytes, so that what was before has none; rename the database`,
    );
  }
  const evidence = await provenBackup(server, path);
  const { file, takenAt, rows } = evidence;
  return alone(server, async () => {
    if ((await restoredFrom(server)) === file) {
      say(`${server.database} has the data of ${file} since an earlier run; nothing was changed`);
      say(`To restore it once more: ALTER DATABASE ${escapeIdentifier(server.database)} RESET ${marker}`);
      return { file, takenAt, rows };
    }
    const before = `${server.database}_before_${now()
      .toISOString()
      .replaceAll(/[-:]|\.\d+/g, "")}`;
    await replace(server, { path, evidence, expected, before, say });
    say(`${server.database} has the data of ${takenAt}; those of before are in ${before} until you drop it`);
    return { file, takenAt, rows, before };
  });
}

/** The backup that a database's data come from. */
export async function restoredFrom(server: Server): Promise<string | undefined> {
  return server.session(server.database, async (client) => {
    const { rows } = await client.query<{ file: string | null }>(`SELECT current_setting('${marker}', true) AS file`);
    return rows[0]?.file ?? undefined;
  });
}

interface Replacement {
  path: string;
  evidence: Evidence;
  expected: Checks | undefined;
  before: string;
  say: Say;
}

async function replace(server: Server, { path, evidence, expected, before, say }: Replacement): Promise<void> {
  const next = `${server.database}_rollback_restore`;
  await server.session(server.maintenance, async (client) => {
    try {
      await drop(client, next);
      await createLike(client, server.database, next);
      await load(server, path, next);
      await server.session(next, async (restored) => {
        await mustBeWhole(restored, evidence, expected, say);
        // A dump has no statistics, without which queries that were fast are not.
        await restored.query("ANALYZE");
      });
      await client.query(`ALTER DATABASE ${escapeIdentifier(next)} SET ${marker} = ${escapeLiteral(evidence.file)}`);
      await swap(server, client, next, before);
    } catch (error) {
      await mustBeAsItWas(server, evidence, error as Error);
    } finally {
      await dropLater(server, next);
    }
  });
}

async function mustBeWhole(client: Client, { file, rows }: Evidence, expected: Checks | undefined, say: Say): Promise<void> {
  const lost = differences(rows, await countRows(client));
  if (lost.length > 0) throw new DatabaseError(`${file} is not whole: restored, ${lost.join("; ")}`);
  if (expected) await checkAll(client, { ...expected, queries: withExpectation(expected.queries) }, say);
}

/** A connection may be lost before its last word arrives. */
async function mustBeAsItWas(server: Server, { file }: Evidence, error: Error): Promise<void> {
  const from = await restoredFrom(server).catch(() => {
    throw new DatabaseError(error.message, "the database does not answer: whether it was restored already, the next run says");
  });
  if (from !== file) throw new DatabaseError(error.message, `the database ${server.database} is as it was`);
}
