import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Query } from "../../../components/plan/plan.ts";
import { backUp, verifyBackup } from "../../../operations/database/backup.ts";
import { listBackups } from "../../../operations/database/backups.ts";
import type { Evidence } from "../../../operations/database/evidence.ts";
import { Server } from "../../../operations/database/server.ts";
import { type Postgresql, programEnvironment, query, startPostgresql } from "./postgresql.ts";

let postgresql: Postgresql;
let created = 0;
let url: string;
let folder: string;
let server: Server;

beforeAll(async () => {
  postgresql = await startPostgresql();
  for (const [name, value] of Object.entries(programEnvironment())) vi.stubEnv(name, value);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await postgresql.stop();
});

beforeEach(async () => {
  created++;
  url = await postgresql.create(`shop${created}`);
  folder = mkdtempSync(join(tmpdir(), "backups-"));
  server = new Server({ url });
  await query(url, "CREATE TABLE conversations (id int PRIMARY KEY); INSERT INTO conversations SELECT generate_series(1, 10)");
  await query(
    url,
    "CREATE TABLE messages (id serial PRIMARY KEY, conversation_id int REFERENCES conversations); INSERT INTO messages (conversation_id) SELECT 1 + i % 10 FROM generate_series(1, 5000) i",
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  server.close();
  rmSync(folder, { recursive: true });
});

const count = (title: string, sql: string): Query => ({ title, kind: "integrity", rows: [], kept: false, sql, expect: 0 });
const scratchDatabases = () => query(url, "SELECT datname FROM pg_database WHERE datname LIKE '%scratch'");
const evidenceOf = (file: string): Evidence => JSON.parse(readFileSync(join(folder, `${file}.json`), "utf8"));

describe("B4: a backup", () => {
  test("for a bucket is written from its beginning to its end, and is restored by several jobs all the same", async () => {
    await query(
      url,
      "DO $$ BEGIN FOR i IN 1..20 LOOP EXECUTE format('CREATE TABLE many_%s AS SELECT generate_series(1, 1000) AS id', i); END LOOP; END $$",
    );
    const run = vi.spyOn(server, "run");
    const { file, rows } = await backUp(server, folder, { sequential: true });
    const dumped = run.mock.calls.filter(([program]) => program === "pg_dump");
    expect(dumped).toEqual([
      [
        "pg_dump",
        ["--format=custom", "--compress=1", expect.stringMatching(/^--snapshot=/)],
        server.database,
        join(folder, `.${server.database}.partial.dump`),
      ],
    ]);
    expect(rows).toMatchObject({ "public.conversations": 10, "public.messages": 5000 });
    expect(await verifyBackup(server, join(folder, file))).toMatchObject({ file, rows });
  });

  test("for a bucket comes through a pipe, in which a program cannot go back", async () => {
    const file = join(folder, "stdout");
    expect(await server.run("stat", ["--dereference", "--format=%F", "/dev/stdout"], undefined, file)).toBe("");
    expect(readFileSync(file, "utf8")).toMatch(/^(socket|fifo)\n$/);
  });

  test("that the bucket does not take is none", async () => {
    await expect(server.run("pg_dump", ["--format=custom"], server.database, "/dev/full")).rejects.toThrow(/^pg_dump: .*ENOSPC/s);
  });

  test("is proved by a trial restore, named by time and digest, and its evidence is beside it", async () => {
    const times = ["2026-11-21T12:00:00Z", "2026-11-21T12:00:01Z", "2026-11-21T12:00:03Z", "2026-11-21T12:00:07Z"];
    const { deleted, ...evidence } = await backUp(server, folder, { now: () => new Date(times.shift() ?? "") });
    expect(evidence.file).toBe(`2026-11-21T12-00-01-000Z-${evidence.sha256.slice(0, 12)}.dump`);
    expect(evidence).toMatchObject({
      takenAt: "2026-11-21T12:00:01.000Z",
      restoredAt: "2026-11-21T12:00:07.000Z",
      seconds: { dump: 3, restore: 4 },
      rows: { "public.conversations": 10, "public.messages": 5000 },
    });
    expect(evidenceOf(evidence.file)).toEqual(evidence);
    expect(deleted).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual([evidence.file, `${evidence.file}.json`]);
    expect(await scratchDatabases()).toEqual([]);
  });

  test("agrees with its own count while rows are written, and no write waits for it or is lost", async () => {
    let written = 5000;
    let stop = false;
    const writer = (async () => {
      for (; !stop; written++) await query(url, "INSERT INTO messages (conversation_id) VALUES (1)");
    })();
    const evidence = await backUp(server, folder);
    stop = true;
    await writer;
    const backedUp = evidence.rows["public.messages"] ?? 0;
    expect(backedUp).toBeGreaterThanOrEqual(5000);
    expect(written).toBeGreaterThan(backedUp);
    expect(await query(url, "SELECT count(*)::int FROM messages")).toEqual([{ count: written }]);
  });

  test("can be proved again, also after what an interrupted proof left", async () => {
    const { file, rows } = await backUp(server, folder);
    await query(url, `CREATE DATABASE ${server.database}_rollback_scratch`);
    expect((await verifyBackup(server, join(folder, file))).rows).toEqual(rows);
    expect(await scratchDatabases()).toEqual([]);
  });

  test("B12: is asked the plan's questions, in the snapshot and in the trial restore", async () => {
    const queries = {
      orphans: count("Messages without a conversation", "SELECT count(*) FROM messages WHERE conversation_id IS NULL"),
      vouchers: count("Vouchers of nobody", "SELECT count(*) FROM vouchers"),
    };
    const lines: string[] = [];
    const { file, checks } = await backUp(server, folder, { queries, say: (line) => lines.push(line) });
    expect(checks).toEqual({ orphans: { expect: 0, answer: "0" } });
    expect(evidenceOf(file).checks).toEqual(checks);
    expect(lines).toEqual(["vouchers (Vouchers of nobody) was not asked: the database has no answer to it at its revision"]);
  });

  test("B4: is one of data that are wrong, too, and says so: they are why it is taken", async () => {
    await query(url, "UPDATE messages SET conversation_id = NULL WHERE id < 4");
    const queries = { orphans: count("Messages without a conversation", "SELECT count(*) FROM messages WHERE conversation_id IS NULL") };
    const lines: string[] = [];
    const { checks } = await backUp(server, folder, { queries, say: (line) => lines.push(line) });
    expect(checks).toEqual({ orphans: { expect: 0, answer: "3" } });
    expect(lines).toEqual(["orphans (Messages without a conversation) answers 3 instead of 0: so are the data that are backed up"]);
  });

  test("is kept beside every earlier one", async () => {
    const first = await backUp(server, folder);
    await query(url, "DELETE FROM messages");
    const second = await backUp(server, folder);
    expect(readdirSync(folder).filter((name) => name.endsWith(".dump"))).toEqual([first.file, second.file]);
    expect(second.rows["public.messages"]).toBe(0);
  });
});

describe("a backup is refused", () => {
  const refusal = async (file: string) => verifyBackup(server, join(folder, file)).then(String, (error: Error) => error.message);

  test("when a byte of it was changed, or its end is missing", async () => {
    const { file, bytes } = await backUp(server, folder);
    const path = join(folder, file);
    const content = readFileSync(path);
    const changed = Buffer.from(content);
    changed.writeUInt8(changed.readUInt8(bytes - 100) ^ 1, bytes - 100);
    writeFileSync(path, changed);
    expect(await refusal(file)).toContain(`${file} was changed since it was backed up: its digest is `);
    truncateSync(path, bytes - 1);
    expect(await refusal(file)).toBe(`${file} has ${bytes - 1} bytes; ${bytes} were backed up`);
  });

  test("when it was never proved", async () => {
    const { file } = await backUp(server, folder);
    rmSync(join(folder, `${file}.json`));
    expect(await refusal(file)).toBe(`${file} was never proved: ${file}.json is not beside it`);
  });

  test("when it does not have the rows that it should, naming the tables", async () => {
    const { file, ...evidence } = await backUp(server, folder);
    const rows = { ...evidence.rows, "public.messages": 5001, "public.vouchers": 3 };
    writeFileSync(join(folder, `${file}.json`), JSON.stringify({ ...evidence, rows }));
    expect(await refusal(file)).toBe(
      `${file} is not whole: restored, public.messages has 5000 rows instead of 5001; public.vouchers has no rows instead of 3`,
    );
    expect(await scratchDatabases()).toEqual([]);
  });
});

describe("earlier backups", () => {
  const dumps = () => readdirSync(folder).filter((name) => name.endsWith(".dump"));
  const at = (minute: number) => ({ now: () => new Date(Date.UTC(2026, 10, 21, 12, minute)) });
  const three = async () => {
    const files: string[] = [];
    for (const minute of [1, 2, 3]) files.push((await backUp(server, folder, at(minute))).file);
    return files as [string, string, string];
  };

  test("beyond those that are kept are deleted once a new one is proved, the oldest, and told", async () => {
    const [first, second, third] = await three();
    const lines: string[] = [];
    const { file, deleted } = await backUp(server, folder, {
      ...at(4),
      retention: { keep: 2, spare: [] },
      say: (line) => lines.push(line),
    });
    expect(deleted).toEqual([second, first]);
    expect(readdirSync(folder).sort()).toEqual([third, `${third}.json`, file, `${file}.json`]);
    expect(lines).toEqual(deleted.map((name) => `${name} was deleted: the newest 2 are kept, and those that the stack names`));
  });

  test("stay where the stack names them, and where the data come from them", async () => {
    const [first, second] = await three();
    await query(url, `ALTER DATABASE "${server.database}" SET rollback_stacks.restored = '${second}'`);
    const { file, deleted } = await backUp(server, folder, { ...at(4), retention: { keep: 1, spare: [first] } });
    expect(deleted).toHaveLength(1);
    expect(dumps()).toEqual([first, second, file]);
  });

  test("stay where the new one is not proved", async () => {
    const files = await three();
    await query(
      url,
      "CREATE FUNCTION broken(int) RETURNS bool LANGUAGE sql AS 'SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_index WHERE indrelid = ''public.messages''::regclass)'",
    );
    await query(url, "ALTER TABLE messages ADD CHECK (broken(id))");
    await expect(backUp(server, folder, { ...at(4), retention: { keep: 1, spare: [] } })).rejects.toThrow("the backup cannot be restored");
    expect(dumps()).toEqual(files);
  });

  test("of another database, and what was never proved, stay", async () => {
    const [first, second, third] = await three();
    writeFileSync(join(folder, `${first}.json`), JSON.stringify({ ...evidenceOf(first), database: "elsewhere:5432/app" }));
    rmSync(join(folder, `${second}.json`));
    writeFileSync(join(folder, "notes.dump.json"), "{");
    const { deleted } = await backUp(server, folder, { ...at(4), retention: { keep: 1, spare: [] } });
    expect(deleted).toEqual([third]);
  });
});

describe("nothing is backed up, and nothing is left behind,", () => {
  const nothingLeft = async () => {
    expect(readdirSync(folder)).toEqual([]);
    expect(await scratchDatabases()).toEqual([]);
  };

  test("while another step is under way on the same database", async () => {
    const other = new Client({ connectionString: url.replace(server.database, "postgres") });
    await other.connect();
    await other.query("SELECT pg_advisory_lock(hashtext('rollback-stacks'), hashtext($1))", [server.database]);
    await expect(backUp(server, folder)).rejects.toThrow(
      `another step is under way on the database ${server.database}; try again when it is over`,
    );
    await other.end();
    await nothingLeft();
    await expect(backUp(server, folder)).resolves.toMatchObject({ rows: { "public.messages": 5000 } });
  });

  test("when its dump cannot be restored", async () => {
    // A check that every row passed when it was written, and none does where it is restored.
    await query(url, "CREATE FUNCTION original(int) RETURNS bool LANGUAGE sql AS 'SELECT current_database() NOT LIKE ''%scratch'''");
    await query(url, "CREATE TABLE checked (id int CHECK (original(id))); INSERT INTO checked VALUES (1)");
    await expect(backUp(server, folder)).rejects.toThrow(
      /^the backup cannot be restored: pg_restore: .*COPY failed for table "checked": ERROR: {2}new row for relation "checked" violates check/,
    );
    await nothingLeft();
  });

  test("when its trial restore answers a question otherwise than the database", async () => {
    const queries = {
      here: count("Not a copy", "SELECT count(*) FROM (SELECT current_database() AS name) AS t WHERE name LIKE '%scratch'"),
    };
    await expect(backUp(server, folder, { queries })).rejects.toThrow("the backup is not whole: restored, here answers 1 instead of 0");
    await nothingLeft();
  });

  test("where a program fails, with its last words", async () => {
    await query(url, "CREATE SCHEMA hidden; CREATE TABLE hidden.t (id int); ALTER TABLE hidden.t ENABLE ROW LEVEL SECURITY");
    await query(url, "DROP ROLE IF EXISTS limited");
    await query(url, `CREATE ROLE limited LOGIN; GRANT CONNECT ON DATABASE ${server.database} TO limited`);
    const limited = new Server({ url: url.replace("app@", "limited@") });
    await expect(backUp(limited, folder)).rejects.toThrow("pg_dump: pg_dump: error: query failed: ERROR:  permission denied for ");
    limited.close();
    await query(url, `REVOKE CONNECT ON DATABASE ${server.database} FROM limited`);
    await nothingLeft();
  });
});

describe("the database's password", () => {
  test("is in no argument and in no environment of the programs", async () => {
    const password = "pass:word\\4711";
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, `${password}\n`);
    const programs = mkdtempSync(join(tmpdir(), "programs-"));
    const seen = join(programs, "seen");
    const [bin = ""] = programEnvironment().PATH.split(":");
    for (const program of ["pg_dump", "pg_restore"]) {
      writeFileSync(
        join(programs, program),
        `#!/bin/sh\n{ echo ${program} "$@"; env; cat "$PGPASSFILE"; } >> ${seen}\nexec ${bin}/${program} "$@"\n`,
      );
      chmodSync(join(programs, program), 0o755);
    }
    vi.stubEnv("PATH", `${programs}:${process.env.PATH}`);
    await query(url, "CREATE ROLE guarded SUPERUSER LOGIN PASSWORD 'pass:word\\4711'");
    const secret = new Server({ url: url.replace("app@", "guarded@"), passwordFile });
    await backUp(secret, folder);
    secret.close();
    const lines = readFileSync(seen, "utf8").split("\n");
    expect(lines.filter((line) => /^pg_(dump|restore) /.test(line))).toHaveLength(2);
    expect(lines.filter((line) => line.includes("4711"))).toEqual(["*:*:*:*:pass\\:word\\\\4711", "*:*:*:*:pass\\:word\\\\4711"]);
    rmSync(programs, { recursive: true });
  });

  test("is refused in the address, which programs show", () => {
    expect(() => new Server({ url: "postgres://app:secret@localhost/shop" })).toThrow(
      "DATABASE_URL: has a password, which programs would show; put it into a file and name that in DATABASE_PASSWORD_FILE",
    );
  });
});

describe("the backups of a folder", () => {
  test("are listed, the newest first, with their proof where they have one that is of this file", async () => {
    const { file, bytes, takenAt, restoredAt } = await backUp(server, folder, { now: () => new Date("2026-11-21T12:00:00Z") });
    writeFileSync(join(folder, "by-hand.dump"), "three");
    utimesSync(join(folder, "by-hand.dump"), 0, Date.parse("2026-11-21T13:00:00Z") / 1000);
    writeFileSync(join(folder, ".shop.partial.dump"), "half of it");
    const byHand = { file: "by-hand.dump", bytes: 5, takenAt: "2026-11-21T13:00:00.000Z" };
    expect(listBackups(folder)).toEqual({ backups: [byHand, { file, bytes, takenAt, restoredAt }] });

    truncateSync(join(folder, file), 5);
    utimesSync(join(folder, file), 0, Date.parse("2026-11-21T14:00:00Z") / 1000);
    expect(listBackups(folder)).toEqual({ backups: [{ file, bytes: 5, takenAt: "2026-11-21T14:00:00.000Z" }, byHand] });
  });

  test("that cannot be read are no empty list", () => {
    expect(() => listBackups(join(folder, "none"))).toThrow(/^ENOENT: /);
  });
});
