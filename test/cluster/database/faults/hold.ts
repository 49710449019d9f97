import { postgresql } from "../../../../demo/stores/manifests.ts";
import { psqlOptions } from "../../../../drill/database.ts";
import { type Kube, sleep } from "../../../../drill/kube.ts";

/** Where a step is held: what it waits for when somebody else has locked it, and the database in which the other one does. */
export interface Lock {
  database: string;
  statement: string;
}

const { name, user, database } = postgresql;
const psql = (to: string) => ["psql", ...psqlOptions, "--host=/tmp", `--username=${user}`, to];

export const sql = async (kube: Kube, statement: string): Promise<string> =>
  (await kube.exec(`${name}-0`, name, psql(database), `${statement}\n\\q\n`)).trim();

export interface Hold {
  /** Resolves when somebody waits for it. */
  reached(): Promise<void>;
  release(): Promise<void>;
}

let count = 0;

/** Takes a lock, and has it until it is released or the server ends. */
export async function hold(kube: Kube, lock: Lock): Promise<Hold> {
  const application = `holder ${++count}`;
  const holder = `pg_stat_activity AS holder WHERE holder.application_name = '${application}'`;
  const found = async (what: string) => Number(await sql(kube, `SELECT count(*) FROM ${what}`));
  const script = `SET application_name = '${application}'; BEGIN; ${lock.statement}; SELECT pg_sleep(600);\n\\q\n`;
  const held = kube.exec(`${name}-0`, name, psql(lock.database), script).catch(() => {});
  while ((await found(`${holder} AND query LIKE '%pg_sleep%' AND wait_event = 'PgSleep'`)) === 0) await sleep(50);
  return {
    async reached() {
      const waiting = `pg_locks AS waiting, ${holder} AND NOT waiting.granted AND holder.pid = ANY (pg_blocking_pids(waiting.pid))`;
      while ((await found(waiting)) === 0) await sleep(50);
    },
    async release() {
      await sql(kube, `SELECT pg_terminate_backend(holder.pid) FROM ${holder}`);
      await held;
    },
  };
}
