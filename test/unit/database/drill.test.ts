import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../../demo/database/connection.ts";
import { historyScript } from "../../../demo/database/history.ts";
import { migrations, systems } from "../../../demo/database/migrations/index.ts";
import { createMigrator } from "../../../demo/database/migrator.ts";
import { anewScript, lookupScript, lostScript, psqlOptions, queryScript } from "../../../drill/database.ts";
import { type Postgresql, programEnvironment, query, startPostgresql } from "./postgresql.ts";

let server: Postgresql;
let url: string;

beforeAll(async () => {
  server = await startPostgresql();
  url = await server.create("saved");
  await query(url, `CREATE TABLE "Message" (id uuid); INSERT INTO "Message" SELECT gen_random_uuid() FROM generate_series(1, 20000)`);
});

afterAll(() => server.stop());

/** As a drill asks: by psql, whose input stays open. */
async function lookFor(ids: string[], table = "Message") {
  return ask(lookupScript(table, ids));
}

async function ask(script: string, on = url) {
  const asking = execa("psql", [...psqlOptions, on], { env: programEnvironment(), extendEnv: false, reject: false });
  asking.stdin.write(script);
  const { stdout, stderr, exitCode } = await asking;
  return {
    found: stdout
      .split("\n")
      .filter((line) => line !== "")
      .sort(),
    stderr,
    exitCode,
  };
}

test("of all the rows that clients were told of, those that are in the table are found, and no others", async () => {
  const ids = (await query(url, 'SELECT id FROM "Message" ORDER BY 1')).map(({ id }) => String(id));
  const gone = ids.splice(100, 1);
  await query(url, `DELETE FROM "Message" WHERE id = '${gone[0]}'`);
  const { found, exitCode } = await lookFor([...ids.slice(0, 10_000), ...gone, "not an id", "\\.\n\ttricky\\"]);
  expect(exitCode).toBe(0);
  expect(found).toEqual(ids.slice(0, 10_000));
});

test("nothing told is nothing found", async () => {
  expect(await lookFor([])).toEqual({ found: [], stderr: "", exitCode: 0 });
});

test("a table that is not there fails the look, instead of finding nothing", async () => {
  expect(await lookFor(["a"], "gone")).toMatchObject({ stderr: expect.stringContaining('relation "gone" does not exist'), exitCode: 3 });
});

test("a query answers its rows, one a line", async () => {
  expect(await ask(queryScript("SELECT n, 'x' FROM generate_series(1, 3) AS n;"))).toMatchObject({ found: ["1|x", "2|x", "3|x"] });
  expect(await ask(queryScript("SELECT count(*)\nFROM generate_series(1, 3)"))).toMatchObject({ found: ["3"] });
});

test("a query that writes is refused, and nothing is written", async () => {
  const before = await query(url, 'SELECT count(*) FROM "Message"');
  const stderr = expect.stringContaining("cannot execute DELETE in a read-only transaction");
  expect(await ask(queryScript('DELETE FROM "Message";'))).toMatchObject({ stderr, exitCode: 3 });
  expect(await query(url, 'SELECT count(*) FROM "Message"')).toEqual(before);
});

test("rows that only the database of before has are found by their ids", async () => {
  const before = await server.create("earlier");
  await query(before, `CREATE TABLE "Message" (id uuid); INSERT INTO "Message" SELECT gen_random_uuid() FROM generate_series(1, 3)`);
  const ids = (await query(before, 'SELECT id FROM "Message" ORDER BY 1')).map(({ id }) => String(id));
  await query(url, `INSERT INTO "Message" VALUES ('${ids.pop()}')`);
  expect(await ask(lostScript("Message", ["psql", ...psqlOptions, before]))).toMatchObject({ found: ids, stderr: "", exitCode: 0 });
});

test("a drill's database begins empty, and what was put aside for it is gone; another's stays", async () => {
  for (const name of ["anew", "anew_before_20261121T120001Z", "another"])
    await query(await server.create(name), "CREATE TABLE left_over (id int)");
  const postgres = url.replace("/saved?", "/postgres?");
  expect(await ask(anewScript("anew"), postgres)).toMatchObject({ stderr: "", exitCode: 0 });
  expect(await query(postgres, "SELECT datname FROM pg_database WHERE datname LIKE 'an%' ORDER BY 1")).toEqual([
    { datname: "anew" },
    { datname: "another" },
  ]);
  expect(await query(url.replace("/saved?", "/anew?"), "SELECT to_regclass('left_over')")).toEqual([{ to_regclass: null }]);
});

test.each(systems)("the database of %s is filled to a size, in its own tables, and no check minds", async (system) => {
  const filled = await server.create(`filled_${system}`);
  const db = connect<unknown>({ url: filled, connections: 1 });
  const migrator = createMigrator(db, migrations[system]);
  await migrator.to(migrator.latest);
  await db.destroy();
  const size = 12 * 2 ** 20;
  expect(await ask(historyScript(system, size), filled)).toMatchObject({ stderr: "", exitCode: 0 });
  const [{ bytes } = {}] = await query(filled, "SELECT pg_database_size(current_database())::int AS bytes");
  expect(Number(bytes)).toBeGreaterThanOrEqual(size);
  expect(Number(bytes)).toBeLessThan(2 * size);
});
