import { mkdirSync } from "node:fs";
import type { Client } from "pg";
import { type Room, roomFor, shortage } from "./disk.ts";
import { DatabaseError } from "./errors.ts";
import { type Evidence, provenBackup } from "./evidence.ts";
import { alone } from "./lock.ts";
import { type Lag, laggingReplicas } from "./replicas.ts";
import type { Server } from "./server.ts";
import { openTransactions } from "./transactions.ts";

/** What is going to be done. */
export interface Purpose {
  /** Where the backups are. */
  folder?: string | undefined;
  /** The backup that the data are to come from. */
  restore?: string | undefined;
}

/** What the other steps would find out too late. */
export interface Limits {
  /** A change of the schema waits for every transaction that is open, and everything after it waits for the change. */
  transactionSeconds: number;
  replicaLag: Lag;
}

const limits: Limits = { transactionSeconds: 60, replicaLag: { bytes: 16 * 2 ** 20, seconds: 10 } };

export interface Assessment {
  database: string;
  serverVersion: string;
  /** What it could not see, and what lets it. */
  unseen?: string;
  backups?: Room;
  restore?: Pick<Evidence, "file" | "takenAt" | "sha256">;
}

/**
 * Whether a database can be backed up, changed and restored now; changes nothing itself.
 * @throws DatabaseError with everything that speaks against it, one a line.
 */
export async function assess(
  server: Server,
  { folder, restore }: Purpose = {},
  { transactionSeconds, replicaLag } = limits,
): Promise<Assessment> {
  const problems: string[] = [];
  const orTell = <T>(asked: Promise<T>): Promise<T | undefined> =>
    asked.catch((error: unknown) => {
      if (!(error instanceof DatabaseError)) throw error;
      problems.push(error.message);
      return undefined;
    });
  await orTell(alone(server, async () => {}));
  const assessment: Assessment = { database: server.database, serverVersion: await server.version() };
  await server.session(server.maintenance, async (client) => {
    Object.assign(assessment, await unseen(client));
    for (const { who, seconds, end } of await openTransactions(client, server.database, transactionSeconds)) {
      problems.push(
        `a transaction of ${who} is open for ${seconds} s; every change would wait for it. Wait for its end, or end it: ${end}`,
      );
    }
    problems.push(...(await laggingReplicas(client, replicaLag)));
  });
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    assessment.backups = await roomFor(server, folder);
    problems.push(...shortage(assessment.backups, server, folder));
  }
  const evidence = restore === undefined ? undefined : await orTell(provenBackup(server, restore));
  if (evidence) assessment.restore = { file: evidence.file, takenAt: evidence.takenAt, sha256: evidence.sha256 };
  if (problems.length > 0) throw new DatabaseError(problems.join("\n"));
  return assessment;
}

async function unseen(client: Client): Promise<Pick<Assessment, "unseen">> {
  const { rows } = await client.query<{ sees: boolean; role: string }>(
    "SELECT pg_has_role('pg_read_all_stats', 'MEMBER') AS sees, quote_ident(current_user) AS role",
  );
  return rows[0]?.sees ? {} : { unseen: `transactions and replicas of other roles: GRANT pg_read_all_stats TO ${rows[0]?.role}` };
}
