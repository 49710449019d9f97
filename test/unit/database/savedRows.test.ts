import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lookupOptions, lookupScript } from "../../../drill/database.ts";
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
  const asking = execa("psql", [...lookupOptions, url], { env: programEnvironment(), extendEnv: false, reject: false });
  asking.stdin.write(lookupScript(table, ids));
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
