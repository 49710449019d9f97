/** The steps of a rollback that includes the database, beside plain pg_dump and pg_restore of the same data. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backUp } from "../operations/database/backup.ts";
import { restore } from "../operations/database/restore.ts";
import { Server } from "../operations/database/server.ts";
import { programEnvironment, query, startPostgresql } from "../test/unit/database/postgresql.ts";
import { median } from "./startup.ts";

/** Seconds, medians of the runs. */
export interface DatabaseSize {
  mebibytes: number;
  plain: { dump: number; restore: number };
  /** A backup without its trial restore, the trial restore, and the restore. */
  ours: { backup: number; trial: number; restore: number };
}

/** What the server takes for a row of `messages`, with its index. */
const bytesOfRow = 240;

/** Each size on a server of its own, where plain and ours follow each other in every run, so that what else the machine does falls on both. */
export async function measureDatabase(sizes: readonly number[], runs: number): Promise<DatabaseSize[]> {
  Object.assign(process.env, programEnvironment());
  const measured: DatabaseSize[] = [];
  for (const mebibytes of sizes) measured.push(await measureSize(mebibytes, runs));
  return measured;
}

async function measureSize(mebibytes: number, runs: number): Promise<DatabaseSize> {
  const folder = mkdtempSync(join(tmpdir(), "rollback-bench-"));
  const postgresql = await startPostgresql();
  try {
    const url = await postgresql.create("bench");
    const rows = Math.round((mebibytes * 2 ** 20) / bytesOfRow);
    await query(url, "CREATE TABLE messages (id bigint PRIMARY KEY, body text, created_at timestamptz NOT NULL)");
    await query(
      url,
      `INSERT INTO messages SELECT i, md5(i::text) || repeat(md5((i / 7)::text), 4), '2026-01-01'::timestamptz + i * interval '1 second' FROM generate_series(1, ${rows}) i`,
    );
    await query(url, "VACUUM ANALYZE messages");
    const server = new Server({ url });
    const each: Pick<DatabaseSize, "plain" | "ours">[] = [];
    for (let run = 0; run < runs; run++)
      each.push({ plain: await plain(postgresql, server, folder, run), ours: await ours(server, folder) });
    server.close();
    const of = (value: (one: (typeof each)[number]) => number): number => median(each.map(value));
    return {
      mebibytes,
      plain: { dump: of((one) => one.plain.dump), restore: of((one) => one.plain.restore) },
      ours: { backup: of((one) => one.ours.backup), trial: of((one) => one.ours.trial), restore: of((one) => one.ours.restore) },
    };
  } finally {
    await postgresql.stop();
    rmSync(folder, { recursive: true });
  }
}

async function plain(postgresql: { create(name: string): Promise<string> }, server: Server, folder: string, run: number) {
  const file = join(folder, "plain.dump");
  const dump = await seconds(() => server.run("pg_dump", ["--format=custom", `--file=${file}`], server.database));
  const copy = `plain${run}`;
  const restored = await seconds(async () => {
    await postgresql.create(copy);
    await server.run("pg_restore", [file], copy);
  });
  await server.session(server.maintenance, (client) => client.query(`DROP DATABASE ${copy}`));
  return { dump, restore: restored };
}

async function ours(server: Server, folder: string) {
  let file = "";
  let trial = 0;
  const backup = await seconds(async () => {
    const evidence = await backUp(server, folder);
    file = join(folder, evidence.file);
    trial = evidence.seconds.restore;
  });
  let before: string | undefined;
  const restored = await seconds(async () => {
    before = (await restore(server, file, undefined, () => {})).before;
  });
  await server.session(server.maintenance, (client) => client.query(`DROP DATABASE "${before}"`));
  rmSync(file);
  return { backup: backup - trial, trial, restore: restored };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
