import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../../demo/database/connection.ts";
import { migrations, type System, systems } from "../../../demo/database/migrations/index.ts";
import { createMigrator } from "../../../demo/database/migrator.ts";
import { type MindmendTables, mindmendRecords } from "../../../demo/service/records/mindmend.ts";
import { bundlePrograms } from "../../../images/bundle.ts";
import { runToEnd } from "../demo-processes.ts";
import { type Postgresql, query, startPostgresql } from "./postgresql.ts";

let server: Postgresql;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "migrate-"));
  [server] = await Promise.all([startPostgresql(), bundlePrograms({ migrate: "demo/database/main.ts" }, folder)]);
});

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const migrate = async (url: string, system: string, ...args: string[]) => {
  const { code, output } = await runToEnd(join(folder, "migrate.mjs"), { DATABASE_URL: url, DATABASE_TABLES: system }, ...args);
  return { code, output: output.trim() };
};

/** `table.column type`, views too; not the migrations' own. */
async function schema(url: string): Promise<string[]> {
  const rows = await query(
    url,
    `SELECT table_name || '.' || column_name || ' ' || data_type AS line FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name NOT LIKE 'kysely%' ORDER BY table_name, ordinal_position`,
  );
  return rows.map(({ line }) => String(line));
}

describe.each(systems)("the database of %s", (system: System) => {
  test("is at every revision going down what it was there going up, to nothing", async () => {
    const url = await server.create(`${system}_both`);
    const revisions = ["none", ...Object.keys(migrations[system])];
    const up: string[][] = [];
    for (const revision of revisions) {
      expect(await migrate(url, system, "to", revision)).toEqual({ code: 0, output: revision });
      up.push(await schema(url));
    }
    expect(up[0]).toEqual([]);
    expect(new Set(up.map((lines) => lines.join("\n"))).size).toBe(revisions.length);
    for (const [index, revision] of [...revisions.entries()].reverse()) {
      expect(await migrate(url, system, "to", revision)).toEqual({ code: 0, output: revision });
      expect(await schema(url)).toEqual(up[index]);
    }
  });
});

test("M5: one revision down, sessions and patients have no column of Gemini's, and every row of theirs", async () => {
  const url = await server.create("mindmend_down");
  await migrate(url, "mindmend", "latest");
  await query(url, "INSERT INTO patients (email, gemini_consent_at) VALUES ('a@example.com', now())");
  await query(
    url,
    "INSERT INTO sessions (patient_id, message, response, gemini_model) SELECT id, 'hello', 'hi', 'gemini-2.5-flash' FROM patients, generate_series(1, 100)",
  );
  expect(await migrate(url, "mindmend", "to", "0001")).toEqual({ code: 0, output: "0001" });
  expect((await schema(url)).filter((line) => line.includes("gemini"))).toEqual([]);
  expect(await query(url, "SELECT message, response, count(*)::int FROM sessions GROUP BY 1, 2")).toEqual([
    { message: "hello", response: "hi", count: 100 },
  ]);
});

test("M5: rows that are saved while it goes down and up again wait for it, and none meets a deadlock", async () => {
  const url = await server.create("mindmend_under_load");
  const [migrating, saving] = [connect<unknown>({ url, connections: 1 }), connect<MindmendTables>({ url, connections: 10 })];
  const { to } = createMigrator(migrating, migrations.mindmend);
  await to("0002");
  const { save } = mindmendRecords(saving, { gemini: false });
  let over = false;
  const savedByOne = async (from: string) => {
    let rows = 0;
    for (; !over; rows++) await save({ from, message: "hello", answer: "hi", milliseconds: 0 });
    return rows;
  };
  const savers = Promise.all(Array.from({ length: 10 }, (_, index) => savedByOne(`${index}@example.com`)));
  const ways = (async () => {
    for (let round = 0; round < 30; round++) {
      await to("0001");
      await to("0002");
    }
  })().finally(() => {
    over = true;
  });
  const [saved] = await Promise.all([savers, ways]);
  const [counted] = await query(url, "SELECT count(*)::int FROM sessions");
  expect(counted).toEqual({ count: saved.reduce((sum, rows) => sum + rows) });
  await Promise.all([migrating.destroy(), saving.destroy()]);
});

test("W5: one revision down, every conversation keeps its thread", async () => {
  const url = await server.create("watibot_down");
  await migrate(url, "watibot", "latest");
  await query(
    url,
    "INSERT INTO conversations (thread_id, phone_number, message, session_id, vertex_migrated) VALUES ('t', '1', 'm', 's', 1)",
  );
  await migrate(url, "watibot", "to", "0001");
  expect(await query(url, "SELECT thread_id, phone_number FROM conversations")).toEqual([{ thread_id: "t", phone_number: "1" }]);
});

describe("the migration command", () => {
  test("refuses a revision that there is none of, with those that there are, and changes nothing", async () => {
    const url = await server.create("unknown_revision");
    await migrate(url, "mindmend", "to", "0001");
    const { code, output } = await migrate(url, "mindmend", "to", "0003");
    expect(code).toBe(1);
    expect(output).toContain('migrate: there is no revision \\"0003\\"; expected none, 0001, 0002');
    expect(await migrate(url, "mindmend", "current")).toEqual({ code: 0, output: "0001" });
  });

  test("leaves the database as it was when a step fails, and says which", async () => {
    const url = await server.create("failing_step");
    await migrate(url, "mindmend", "latest");
    await query(url, "CREATE VIEW depends AS SELECT gemini_model FROM sessions");
    const before = await schema(url);
    const { code, output } = await migrate(url, "mindmend", "to", "none");
    expect(code).toBe(1);
    expect(output).toContain("migrate: 0002 down: cannot drop column gemini_model of table sessions");
    expect(output).toContain("the database is as it was");
    expect(await schema(url)).toEqual(before);
    expect(await migrate(url, "mindmend", "current")).toEqual({ code: 0, output: "0002" });
  });

  test("names what it lacks", async () => {
    expect((await migrate("", "mindmend", "current")).output).toContain("DATABASE_URL is not set");
    expect((await migrate("postgres://app@localhost/x", "shop", "current")).output).toContain(
      'DATABASE_TABLES: \\"shop\\" is no system; expected chat, easymo, mindmend, wabot, watibot',
    );
  });
});
