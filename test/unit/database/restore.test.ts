import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { backUp } from "../../../operations/database/backup.ts";
import type { DatabaseError } from "../../../operations/database/errors.ts";
import { restore } from "../../../operations/database/restore.ts";
import { Server } from "../../../operations/database/server.ts";
import { type Postgresql, programEnvironment, query, startPostgresql } from "./postgresql.ts";

let postgresql: Postgresql;
let count = 0;
let url: string;
let folder: string;
let server: Server;
let backup: string;

const silent = () => {};
const at = () => new Date("2026-11-21T12:00:01.234Z");

beforeAll(async () => {
  postgresql = await startPostgresql();
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
  await query(
    url,
    "CREATE TABLE messages (id serial PRIMARY KEY, body text); INSERT INTO messages (body) SELECT i FROM generate_series(1, 10) i",
  );
  backup = join(folder, (await backUp(server, folder)).file);
  await query(url, "INSERT INTO messages (body) SELECT 'after' FROM generate_series(1, 5)");
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const rowsIn = async (address: string) => (await query(address, "SELECT count(*)::int FROM messages"))[0]?.count;
const databases = async () =>
  (await query(url, `SELECT datname AS name FROM pg_database WHERE datname LIKE '${server.database}\\_%' ORDER BY 1`)).map(
    ({ name }) => name,
  );
const refusal = (...args: Parameters<typeof restore>): Promise<string[]> =>
  restore(...args).then(
    () => [],
    ({ message, standing }: DatabaseError) => [...message.split("\n"), standing],
  );

describe("B4: a restore", () => {
  test("puts the data of the backup into the place of the database, which stays beside it", async () => {
    const { before, rows } = await restore(server, backup, undefined, silent, at);
    expect(before).toBe(`${server.database}_before_20261121T120001Z`);
    expect(rows).toEqual({ "public.messages": 10 });
    expect(await rowsIn(url)).toBe(10);
    expect(await rowsIn(url.replace(server.database, before ?? ""))).toBe(15);
    expect(await databases()).toEqual([before]);
  });

  test("is done once, however often it runs: what was written since is not lost", async () => {
    await restore(server, backup, undefined, silent, at);
    await query(url, "INSERT INTO messages (body) VALUES ('since')");
    const lines: string[] = [];
    expect(await restore(server, backup, undefined, (line) => lines.push(line))).not.toHaveProperty("before");
    expect(lines[0]).toMatch(/ has the data of .*\.dump since an earlier run; nothing was changed$/);
    expect(await rowsIn(url)).toBe(11);
    await query(url, lines[1]?.split("once more: ")[1] ?? "");
    await restore(server, backup, undefined, silent);
    expect(await rowsIn(url)).toBe(10);
  });

  test("of another backup is another one, and every database of before stays", async () => {
    const second = join(folder, (await backUp(server, folder)).file);
    await restore(server, backup, undefined, silent, () => new Date("2026-11-21T12:00:00Z"));
    await restore(server, second, undefined, silent, () => new Date("2026-11-21T13:00:00Z"));
    expect(await rowsIn(url)).toBe(15);
    expect(await databases()).toEqual(["20261121T120000Z", "20261121T130000Z"].map((time) => `${server.database}_before_${time}`));
  });

  test("keeps what a database has beside its rows: owner, settings, privileges, comment", async () => {
    const name = server.database;
    await query(url, "DROP ROLE IF EXISTS keeper");
    await query(url, `CREATE ROLE keeper LOGIN; ALTER TABLE messages OWNER TO keeper; ALTER DATABASE ${name} OWNER TO keeper`);
    await query(
      url,
      `ALTER DATABASE ${name} SET search_path = "$user", public, "Odd, name"; ALTER ROLE keeper IN DATABASE ${name} SET work_mem = '7MB'`,
    );
    await query(
      url,
      `REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO pg_monitor; COMMENT ON DATABASE ${name} IS 'It''s the shop'`,
    );
    await query(url, `ALTER DATABASE ${name} CONNECTION LIMIT 42`);
    const described = () =>
      query(
        url,
        `SELECT pg_get_userbyid(datdba) AS owner, datconnlimit, datacl::text, shobj_description(oid, 'pg_database') AS comment, datcollate,
           (SELECT tableowner FROM pg_tables WHERE tablename = 'messages') AS "table's owner",
           array(SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setdatabase = oid ORDER BY 1) AS settings
         FROM pg_database WHERE datname = current_database()`,
      );
    const [before] = await described();
    const { file } = await backUp(server, folder);
    await restore(server, join(folder, file), undefined, silent);
    expect(await described()).toEqual([
      { ...before, settings: [`rollback_stacks.restored=${file}`, 'search_path="$user", public, "Odd, name"', "work_mem=7MB"] },
    ]);
    await query(url, "SET ROLE keeper; SELECT * FROM messages");
  });

  test("ends connections that do nothing; whoever connects meanwhile sees the data of before, those of the backup, or an error", async () => {
    const idle = new Client({ connectionString: url });
    const ended = new Promise<string>((resolve) => idle.on("error", ({ message }) => resolve(message)));
    await idle.connect();
    let over = false;
    let next = Promise.resolve<unknown>(15);
    let held: Promise<void> | undefined;
    let release = () => {};
    const session = server.session.bind(server);
    vi.spyOn(server, "session").mockImplementation(async (database, work) => {
      // A reader in the middle of a question when the restore looks who works on the database would rightly stop it.
      if (database === `${server.database}_rollback_restore`) {
        held = new Promise((resolve) => {
          release = resolve;
        });
        await next;
      } else {
        held = undefined;
        release();
      }
      return session(database, work);
    });
    const seen: unknown[] = [];
    const reader = (async () => {
      while (!over) {
        while (held) await held;
        next = rowsIn(url).catch((error: Error) => error.message);
        seen.push(await next);
      }
    })();
    await restore(server, backup, undefined, silent);
    over = true;
    await reader;
    expect(await ended).toContain("terminating connection due to administrator command");
    expect(seen.filter((value) => value !== 15 && value !== 10 && !/terminat|does not exist/.test(String(value)))).toEqual([]);
    expect(await rowsIn(url)).toBe(10);
  });
});

describe("a restore is refused, and the database is as it was,", () => {
  const asItWas = () => `the database ${server.database} is as it was`;
  afterEach(async () => {
    expect(await rowsIn(url)).toBe(15);
    expect(await databases()).toEqual([]);
  });

  test("while somebody works on it, who is named", async () => {
    const other = new Client({ connectionString: url, application_name: "nightly" });
    await other.connect();
    await other.query("BEGIN; SELECT 1");
    const problems = await refusal(server, backup, undefined, silent);
    expect(problems[0]).toMatch(
      /^somebody works on shop\d+, whose rows the restore would lose: app \(process \d+, nightly, idle in transaction\), for \d+ s; to end it: SELECT pg_terminate_backend\(\d+\)$/,
    );
    expect(problems.slice(1)).toEqual([asItWas()]);
    await other.end();
  });

  test("where a check is not answered as expected in what was restored", async () => {
    const checks = join(folder, "checks.json");
    const few = { title: "Few messages", kind: "integrity", sql: "SELECT count(*) FROM messages WHERE id > 8", expect: 0 };
    const newest = { title: "Newest", kind: "health", sql: "SELECT * FROM messages ORDER BY id DESC LIMIT 1" };
    writeFileSync(checks, JSON.stringify({ queries: { few, newest } }));
    expect(await refusal(server, backup, checks, silent)).toEqual(["few (Few messages) answers 2 instead of 0", asItWas()]);
  });

  test("where the backup does not have the rows that it should", async () => {
    const evidence = JSON.parse(readFileSync(`${backup}.json`, "utf8"));
    writeFileSync(`${backup}.json`, JSON.stringify({ ...evidence, rows: { "public.messages": 11 } }));
    expect(await refusal(server, backup, undefined, silent)).toEqual([
      `${evidence.file} is not whole: restored, public.messages has 10 rows instead of 11`,
      asItWas(),
    ]);
  });

  test("where its name leaves no room for the one of before", async () => {
    const long = "a".repeat(40);
    const other = new Server({ url: url.replace(server.database, long) });
    expect(await refusal(other, backup, undefined, silent)).toEqual([
      `the name ${long} is longer than 39 bytes, so that what was before has none; rename the database`,
      "nothing was changed",
    ]);
    other.close();
  });
});
