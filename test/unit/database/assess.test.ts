import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { assess } from "../../../operations/database/assess.ts";
import { backUp } from "../../../operations/database/backup.ts";
import { Server } from "../../../operations/database/server.ts";
import { type Postgresql, programEnvironment, query, startPostgresql } from "./postgresql.ts";

let postgresql: Postgresql;
let count = 0;
let url: string;
let folder: string;
let server: Server;

beforeAll(async () => {
  postgresql = await startPostgresql({ max_prepared_transactions: "5" });
  for (const [name, value] of Object.entries(programEnvironment())) vi.stubEnv(name, value);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await postgresql.stop();
});

beforeEach(async () => {
  url = await postgresql.create(`shop${++count}`);
  folder = mkdtempSync(join(tmpdir(), "backups-"));
  server = new Server({ url });
  await query(url, "CREATE TABLE messages (id int PRIMARY KEY); INSERT INTO messages SELECT generate_series(1, 10)");
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const noLag = { bytes: 2 ** 40, seconds: 3600 };
const problems = (...args: Parameters<typeof assess>): Promise<string[]> =>
  assess(...args).then(
    () => [],
    (error: Error) => error.message.split("\n"),
  );

test("B4: a database that can be backed up, changed and restored is told with its size and the backup's time", async () => {
  const evidence = await backUp(server, folder);
  const assessment = await assess(server, { folder, restore: join(folder, evidence.file) });
  const { file, takenAt, sha256 } = evidence;
  expect(assessment).toMatchObject({
    database: server.database,
    serverVersion: evidence.serverVersion,
    restore: { file, takenAt, sha256 },
  });
  expect(assessment.backups?.free).toBeGreaterThan(assessment.backups?.needed ?? Number.POSITIVE_INFINITY);
});

describe("a database is refused", () => {
  test("with a transaction that is open too long, named with its age and what ends it", async () => {
    const other = new Client({ connectionString: url, application_name: "reports" });
    await other.connect();
    await other.query("BEGIN; SELECT 1");
    const { pid } = (await query(url, "SELECT pid FROM pg_stat_activity WHERE application_name = 'reports'"))[0] ?? {};
    const end = `SELECT pg_terminate_backend(${pid})`;
    expect(await problems(server)).toEqual([]);
    const [problem, ...more] = await problems(server, {}, { transactionSeconds: 0, replicaLag: noLag });
    expect(problem?.replace(/\d+ s;/, "N s;")).toBe(
      `a transaction of app (process ${pid}, reports, idle in transaction) is open for N s; every change would wait for it. Wait for its end, or end it: ${end}`,
    );
    expect(more).toEqual([]);
    other.on("error", () => {});
    await query(url, end);
    expect(await problems(server, {}, { transactionSeconds: 0, replicaLag: noLag })).toEqual([]);
  });

  test("with a prepared transaction that nobody ended", async () => {
    await query(url, "BEGIN; DELETE FROM messages; PREPARE TRANSACTION 'order 4711'");
    const [problem] = await problems(server, {}, { transactionSeconds: 0, replicaLag: noLag });
    expect(problem).toContain("a transaction of app ('order 4711', prepared) is open for ");
    await query(url, problem?.split("end it: ")[1] ?? "");
    expect(await problems(server, {}, { transactionSeconds: 0, replicaLag: noLag })).toEqual([]);
    expect(await query(url, "SELECT count(*)::int FROM messages")).toEqual([{ count: 10 }]);
  });

  test("with a replica that lags, and when it is a replica itself", async () => {
    const replica = await postgresql.replica("berlin");
    const limits = { transactionSeconds: 60, replicaLag: { bytes: 2 ** 20, seconds: 3600 } };
    await query(replica.url("postgres"), "SELECT pg_wal_replay_pause()");
    await query(url, "INSERT INTO messages SELECT generate_series(11, 50000)");
    expect((await problems(server, {}, limits)).map((problem) => problem.replace(/is \d+ MiB and \d+ s/, "is N MiB and N s"))).toEqual([
      "the replica berlin (local) is N MiB and N s behind; wait until it has caught up (pg_stat_replication)",
    ]);
    const itself = new Server({ url: replica.url(server.database) });
    expect(await problems(itself)).toContain("the server is a replica, which takes no changes; name the primary in DATABASE_URL");
    itself.close();
    await replica.stop();
  });

  test("without room for a backup, while another step is under way and with an unreadable backup: all of it is told at once", async () => {
    const { file } = await backUp(server, folder);
    const path = join(folder, file);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, 100));
    const other = new Client({ connectionString: url.replace(server.database, "postgres") });
    await other.connect();
    await other.query("SELECT pg_advisory_lock(hashtext('rollback-stacks'), hashtext($1))", [server.database]);
    // Nothing is free in there.
    expect(await problems(server, { folder: "/proc", restore: path })).toEqual([
      `another step is under way on the database ${server.database}; try again when it is over`,
      expect.stringMatching(/^\/proc has 0 MiB free; a backup of shop\d+ may take \d+ MiB; make room there$/),
      `${file} has 100 bytes; ${bytes.length} were backed up`,
    ]);
    await other.end();
  });

  test("with a backup that pg_restore of another version wrote, or another version of the server", async () => {
    const { file, ...evidence } = await backUp(server, folder);
    const path = join(folder, file);
    const original = readFileSync(path);
    const changed = async (change: (bytes: Buffer) => void) => {
      const bytes = Buffer.from(original);
      change(bytes);
      writeFileSync(path, bytes);
      writeFileSync(`${path}.json`, JSON.stringify({ ...evidence, file, sha256: createHash("sha256").update(bytes).digest("hex") }));
      return problems(server, { restore: path });
    };
    // `PGDMP`, then the archive's version in three bytes.
    expect(await changed((bytes) => bytes.writeUInt8(99, 6))).toEqual([
      `${file} cannot be read: pg_restore: pg_restore: error: unsupported version (1.99) in file header`,
    ]);
    const version = evidence.serverVersion;
    const older = `9${version.slice(1)}`;
    expect(await changed((bytes) => bytes.write(older, bytes.indexOf(version)))).toEqual([
      `${file} is from PostgreSQL ${older}, the server is PostgreSQL ${version}; restore a backup of the same major version`,
    ]);
  });
});

test("who may not see the transactions of other roles is told what lets it", async () => {
  await query(url, "CREATE ROLE limited LOGIN");
  const limited = new Server({ url: url.replace("app@", "limited@") });
  expect((await assess(limited)).unseen).toBe("transactions and replicas of other roles: GRANT pg_read_all_stats TO limited");
  limited.close();
  expect((await assess(server)).unseen).toBeUndefined();
});
