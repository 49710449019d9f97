import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lookupScript, psqlOptions, queryScript } from "../../../drill/database.ts";
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

async function ask(script: string) {
  const asking = execa("psql", [...psqlOptions, url], { env: programEnvironment(), extendEnv: false, reject: false });
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
