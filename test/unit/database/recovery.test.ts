import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { connect } from "../../../demo/database/connection.ts";
import { migrations } from "../../../demo/database/migrations/index.ts";
import { createMigrator } from "../../../demo/database/migrator.ts";
import { backUp } from "../../../operations/database/backup.ts";
import type { DatabaseError } from "../../../operations/database/errors.ts";
import { loss } from "../../../operations/database/loss.ts";
import { recover } from "../../../operations/database/recover.ts";
import { restore } from "../../../operations/database/restore.ts";
import { Server } from "../../../operations/database/server.ts";
import { type Postgresql, programEnvironment, query, startPostgresql } from "./postgresql.ts";

let postgresql: Postgresql;
let count = 0;
let url: string;
let folder: string;
let server: Server;
let lines: string[];

const say = (line: string) => void lines.push(line);

beforeAll(async () => {
  postgresql = await startPostgresql();
  for (const [name, value] of Object.entries(programEnvironment())) vi.stubEnv(name, value);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await postgresql.stop();
});

beforeEach(async () => {
  url = await postgresql.create(`wabot${++count}`);
  folder = mkdtempSync(join(tmpdir(), "backups-"));
  server = new Server({ url });
  lines = [];
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function migrate(revision: string) {
  const db = connect<unknown>({ url, connections: 1 });
  await createMigrator(db, migrations.wabot).to(revision);
  await db.destroy();
}

const backup = async (at: string) => join(folder, (await backUp(server, folder, { now: () => new Date(at) })).file);
const converse = (customer: string, messages: number, at: string) =>
  query(
    url,
    `WITH c AS (INSERT INTO messaging_conversation (tenant, customer, created_at, updated_at) VALUES ('t', '${customer}', '${at}', '${at}') RETURNING id)
     INSERT INTO messaging_message (conversation_id, direction, body, created_at) SELECT id, 'inbound', 'hello', '${at}' FROM c, generate_series(1, ${messages})`,
  );
const ids = async (table: string) => (await query(url, `SELECT id FROM ${table}`)).map(({ id }) => String(id)).sort();
const refusal = (work: Promise<unknown>): Promise<string[]> =>
  work.then(
    () => [],
    ({ message, standing }: DatabaseError) => [...message.split("\n"), standing],
  );
const conversations = "public.messaging_conversation";
const messages = "public.messaging_message";

/** Backed up at 12:00, three conversations lost that were held until 13:00. Returns the forensic backup and all ids of before. */
async function restored(revision = "0001") {
  await migrate("0001");
  await converse("kept", 3, "2026-11-21T11:58:00Z");
  const earlier = await backup("2026-11-21T12:00:00Z");
  await migrate(revision);
  for (const customer of ["a", "b", "c"]) await converse(customer, 2, "2026-11-21T12:30:00Z");
  const forensic = await backup("2026-11-21T13:00:00Z");
  const all = { conversations: await ids(conversations), messages: await ids(messages) };
  await restore(server, earlier, undefined, () => {});
  return { forensic, all };
}

describe("B5: the loss of a restore", () => {
  test("is a window in UTC, whatever the server's zone is, and every row of every table", async () => {
    const { forensic } = await restored();
    for (const zone of ["UTC", "Asia/Kathmandu", "America/St_Johns"]) {
      await query(url, `ALTER DATABASE ${server.database} SET timezone = '${zone}'`);
      expect(await loss(server, forensic, say)).toEqual({
        window: { from: "2026-11-21T11:58:00.000Z", to: "2026-11-21T13:00:00.000Z", seconds: 3720 },
        tables: {
          [conversations]: { missing: 3, differing: 0 },
          [messages]: { missing: 6, differing: 0 },
          "public.logs": { missing: 0, differing: 0 },
        },
        gone: {},
      });
    }
    expect(lines.slice(0, 4)).toEqual([
      "data-loss window: 2026-11-21T11:58:00.000Z to 2026-11-21T13:00:00.000Z (3720 s)",
      "public.logs: 0 rows missing, 0 differ",
      "public.messaging_conversation: 3 rows missing, 0 differ",
      "public.messaging_message: 6 rows missing, 0 differ",
    ]);
  });

  test("takes times without a zone for UTC, and none that lies after the backup", async () => {
    await query(url, "CREATE TABLE offers (id int PRIMARY KEY, made timestamp, ends timestamptz)");
    await query(url, "INSERT INTO offers VALUES (1, '2026-11-21 10:00', '2027-01-01')");
    await query(url, `ALTER DATABASE ${server.database} SET timezone = 'Asia/Kathmandu'`);
    const forensic = await backup("2026-11-21T13:00:00Z");
    expect((await loss(server, forensic, say)).window).toEqual({
      from: "2026-11-21T10:00:00.000Z",
      to: "2026-11-21T13:00:00.000Z",
      seconds: 10_800,
    });
  });

  test("has rows that were changed, and rows of a table that the database has not", async () => {
    const { forensic } = await restored("0002");
    await query(url, "UPDATE messaging_conversation SET updated_at = now()");
    const { tables, gone, window } = await loss(server, forensic, say);
    expect(tables[conversations]).toEqual({ missing: 3, differing: 1 });
    expect(gone).toEqual({ "public.bot_messageharmonizationlog": 0, "public.bot_referencecontext": 0 });
    expect(window.from).toBe("2026-11-21T11:58:00.000Z");
  });

  test("without a time in any table has no beginning", async () => {
    await query(url, "CREATE TABLE plain (id int PRIMARY KEY)");
    const forensic = await backup("2026-11-21T13:00:00Z");
    expect(await loss(server, forensic, say)).toEqual({
      window: { to: "2026-11-21T13:00:00.000Z" },
      tables: { "public.plain": { missing: 0, differing: 0 } },
      gone: {},
    });
  });
});

describe("B5: a recovery", () => {
  test("is tried and changes nothing until it is confirmed; then every lost row is there, once however often it runs", async () => {
    const { forensic, all } = await restored();
    const tables = {
      [conversations]: { recovered: 3, conflicts: 0 },
      [messages]: { recovered: 6, conflicts: 0 },
      "public.logs": { recovered: 0, conflicts: 0 },
    };
    expect(await recover(server, forensic, false, say)).toEqual({ confirmed: false, tables });
    expect(await ids(messages)).toHaveLength(3);
    expect(lines.at(-1)).toBe("Nothing was recovered: with --confirm it is");
    expect(await recover(server, forensic, true, say)).toEqual({ confirmed: true, tables });
    expect({ conversations: await ids(conversations), messages: await ids(messages) }).toEqual(all);
    const again = await recover(server, forensic, true, say);
    expect(Object.values(again.tables)).toEqual(Array(3).fill({ recovered: 0, conflicts: 0 }));
    expect({ conversations: await ids(conversations), messages: await ids(messages) }).toEqual(all);
  });

  test("keeps what was written since, and leaves the migrations' own table alone", async () => {
    const { forensic, all } = await restored("0002");
    await converse("since", 1, "2026-11-21T13:30:00Z");
    await recover(server, forensic, true, say);
    expect(await ids(conversations)).toHaveLength(all.conversations.length + 1);
    expect(await query(url, "SELECT name FROM django_migrations")).toEqual([{ name: "0001" }]);
    expect(lines).toContain("public.bot_referencecontext: 0 rows cannot be recovered: the database has no such table");
  });

  test("leaves out what somebody else has taken since, and says so; a message of what is left out would refer to nothing, and all is refused", async () => {
    const { forensic } = await restored();
    await query(url, "INSERT INTO messaging_conversation (tenant, customer) VALUES ('t', 'a')");
    expect(await refusal(recover(server, forensic, true, say))).toEqual([
      "public.messaging_message: no row of public.messaging_conversation is there for 2 rows (messaging_message_conversation_id_fkey); put those in first, or they cannot come back",
      "nothing was changed",
    ]);
    expect(lines).toContain("  1 are left out: messaging_conversation_of has to be unique");
    expect(await ids(conversations)).toHaveLength(2);
  });

  test("of a table without a key brings back as many of the same rows as are missing, of one with duplicates none of those", async () => {
    await query(url, "CREATE TABLE events (what text, detail json); CREATE TABLE codes (code text)");
    await query(
      url,
      `INSERT INTO events VALUES ('a', '{}'), ('a', '{}'), ('a', '{}'), ('b', NULL); INSERT INTO codes VALUES ('x'), ('x'), ('y')`,
    );
    const forensic = await backup("2026-11-21T13:00:00Z");
    await query(
      url,
      `DELETE FROM events WHERE ctid <> (SELECT min(ctid) FROM events); DELETE FROM codes; ALTER TABLE codes ADD UNIQUE (code)`,
    );
    expect((await recover(server, forensic, true, say)).tables).toEqual({
      "public.codes": { recovered: 1, conflicts: 2 },
      "public.events": { recovered: 3, conflicts: 0 },
    });
    expect(await query(url, "SELECT what, count(*)::int FROM events GROUP BY 1 ORDER BY 1")).toEqual([
      { what: "a", count: 3 },
      { what: "b", count: 1 },
    ]);
    expect((await recover(server, forensic, true, say)).tables["public.events"]).toEqual({ recovered: 0, conflicts: 0 });
  });

  test("keeps numbers, arrays, times, bytes and odd names as they were, and gives no number a second time", async () => {
    await query(
      url,
      `CREATE TABLE "Odd, ""name""" ("the Id" int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n numeric, f float8, a text[], b bytea, t timestamptz, j json,
         twice int GENERATED ALWAYS AS (1 * 2) STORED)`,
    );
    const values = `(3.10, 'NaN', '{"a,b",NULL}', '\\x00ff', '2026-11-21 12:00:00.123456+05:45', '{"k": 1,  "k": 2}')`;
    await query(url, `INSERT INTO "Odd, ""name""" (n, f, a, b, t, j) VALUES ${values}, ${values}`);
    const printed = () => query(url, `SELECT o::text FROM "Odd, ""name""" AS o ORDER BY "the Id"`);
    const before = await printed();
    const forensic = await backup("2026-11-21T13:00:00Z");
    await query(url, `TRUNCATE "Odd, ""name""" RESTART IDENTITY`);
    await recover(server, forensic, true, say);
    expect(await printed()).toEqual(before);
    await query(url, `INSERT INTO "Odd, ""name""" (n) VALUES (1)`);
    expect(await query(url, `SELECT max("the Id") FROM "Odd, ""name"""`)).toEqual([{ max: 3 }]);
  });

  test("is refused by what the database itself asks of its rows, and changes nothing", async () => {
    const { forensic } = await restored();
    await query(url, "ALTER TABLE messaging_message ADD CHECK (body <> 'hello') NOT VALID");
    expect(await refusal(recover(server, forensic, true, say))).toEqual([
      'new row for relation "messaging_message" violates check constraint "messaging_message_body_check"',
      "nothing was changed",
    ]);
    expect(await ids(conversations)).toHaveLength(1);
  });
});
