import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Plan } from "../../../components/plan/plan.ts";
import { connect } from "../../../demo/database/connection.ts";
import { migrations, type System } from "../../../demo/database/migrations/index.ts";
import { createMigrator } from "../../../demo/database/migrator.ts";
import { check } from "../../../operations/database/check.ts";
import type { DatabaseError } from "../../../operations/database/errors.ts";
import { repair } from "../../../operations/database/repair.ts";
import { Server } from "../../../operations/database/server.ts";
import chat from "../../../stacks/chat.ts";
import wabot from "../../../stacks/wabot.ts";
import watibot from "../../../stacks/watibot.ts";
import { type Postgresql, query, startPostgresql } from "./postgresql.ts";

let postgresql: Postgresql;
let folder: string;
let count = 0;
let url: string;
let server: Server;
let lines: string[];

const say = (line: string) => void lines.push(line);

beforeAll(async () => {
  postgresql = await startPostgresql();
  folder = mkdtempSync(join(tmpdir(), "checks-"));
});

afterAll(async () => {
  await postgresql.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  lines = [];
});

async function databaseOf(system: System) {
  url = await postgresql.create(`${system}${++count}`);
  const db = connect<unknown>({ url, connections: 1 });
  const migrator = createMigrator(db, migrations[system]);
  await migrator.to(migrator.latest);
  await db.destroy();
  server = new Server({ url });
}

const written = (checks: object): string => {
  const file = join(folder, "checks.json");
  writeFileSync(file, JSON.stringify(checks));
  return file;
};

const integrity = ({ queries, repairs }: Plan): string =>
  written({ queries: Object.fromEntries(Object.entries(queries).filter(([, { kind }]) => kind === "integrity")), repairs });

const refusal = (work: Promise<unknown>): Promise<string[]> =>
  work.then(
    () => [],
    (error: Error) => error.message.split("\n"),
  );

/** The same, and where things stand. */
const standing = (work: Promise<unknown>): Promise<string[]> =>
  work.then(
    () => [],
    (error: DatabaseError) => [...error.message.split("\n"), error.standing],
  );

describe("B12: wabot's integrity queries", () => {
  test("hold on whole data", async () => {
    await databaseOf("wabot");
    const { checks } = await check(server, integrity(wabot), say);
    expect(checks).toEqual({
      harmonizedWithoutMessages: { answer: 0 },
      contextsWithoutItems: { answer: 0 },
      orphanedContexts: { answer: 0 },
      migrations: { rows: 2 },
    });
    expect(lines.slice(0, 4)).toEqual([
      "harmonizedWithoutMessages: 0, as expected",
      "contextsWithoutItems: 0, as expected",
      "orphanedContexts: 0, as expected",
      "migrations: 2 rows (app | name | applied)",
    ]);
  });

  test("tell each count that is not as expected, all of them at once", async () => {
    await databaseOf("wabot");
    await query(url, "INSERT INTO bot_messageharmonizationlog (status) VALUES ('failed'), ('failed')");
    await query(url, "INSERT INTO bot_referencecontext (conversation_id) VALUES (gen_random_uuid())");
    expect(await refusal(check(server, integrity(wabot), say))).toEqual([
      "harmonizedWithoutMessages (Harmonizations without their messages) answers 2 instead of 0",
      "contextsWithoutItems (Reference contexts without items) answers 1 instead of 0",
      "orphanedContexts (Reference contexts without a conversation) answers 1 instead of 0",
    ]);
  });

  test("and its health queries are questions that only read", async () => {
    await databaseOf("wabot");
    expect((await check(server, written({ queries: wabot.queries }), say)).checks).toMatchObject({
      errorRate: { rows: 0 },
      responseTimes: { rows: 1 },
    });
  });
});

describe("C5: chat's usage counters", () => {
  const users = (...used: number[]) =>
    query(
      url,
      `INSERT INTO "User" (id, email, "requestsToday") VALUES ${used.map((requests, index) => `('u${index}', 'e', '${requests}')`).join()}`,
    );
  const counters = async () => (await query(url, 'SELECT "requestsToday" AS used FROM "User" ORDER BY id')).map(({ used }) => Number(used));

  test("are told with the users affected, and with what puts them right", async () => {
    await databaseOf("chat");
    await users(-3, 10, 70, 2000);
    expect(await refusal(check(server, integrity(chat), say))).toEqual([
      "anomalies (No more anomalies) answers 3 instead of 0; this tries what puts it right, and changes nothing yet",
      "    mend it with: rollback data repair reset cap",
    ]);
    expect(lines).toEqual([
      "negative: 1 row (id | email | requestsToday | dailyRequestLimit)",
      "  u0 | e | -3 | 50",
      "exceeded: 2 rows (id | email | requestsToday | dailyRequestLimit)",
      "  u2 | e | 70 | 50",
      "  u3 | e | 2000 | 50",
      "suspicious: 1 row (id | email | requestsToday | dailyRequestLimit)",
      "  u3 | e | 2000 | 50",
      "affected: 3 rows (id | email | requestsToday | dailyRequestLimit | lastRequestReset | issue_type)",
      ...["u0 | e | -3 | 50 | ", "u2 | e | 70 | 50 | ", "u3 | e | 2000 | 50 | "].map((row) => expect.stringContaining(row)),
    ]);
  });

  test("of many users affected only the first are listed, and all counted", async () => {
    await databaseOf("chat");
    await users(...Array<number>(50).fill(-1));
    await refusal(check(server, integrity(chat), say));
    expect(lines.filter((line) => line.startsWith("  u"))).toHaveLength(40);
    expect(lines.filter((line) => line.startsWith("negative") || line === "  and 30 more")).toEqual([
      "negative: 50 rows (id | email | requestsToday | dailyRequestLimit)",
      "  and 30 more",
      "  and 30 more",
    ]);
  });

  test("a repair is tried, says what it would change, and changes nothing until it is confirmed", async () => {
    await databaseOf("chat");
    await users(-3, -1, 10);
    expect(await repair(server, integrity(chat), ["reset"], false, say)).toEqual({ confirmed: false, changed: { reset: 2 } });
    expect(lines).toEqual([
      "reset: would change 2 rows",
      "anomalies: 0 after it, as expected",
      "Nothing was changed: with --confirm it is done",
    ]);
    expect(await counters()).toEqual([-3, -1, 10]);
    expect(await repair(server, integrity(chat), ["reset"], true, say)).toEqual({ confirmed: true, changed: { reset: 2 } });
    expect(await counters()).toEqual([0, 0, 10]);
    expect((await check(server, integrity(chat), say)).checks.anomalies).toEqual({ answer: 0 });
    expect(await repair(server, integrity(chat), ["reset"], true, say)).toEqual({ confirmed: true, changed: { reset: 0 } });
  });

  test("a repair that leaves an anomaly changes nothing; together with the one that mends the rest it does", async () => {
    await databaseOf("chat");
    await users(-3, 55, 70);
    expect(await standing(repair(server, integrity(chat), ["reset"], true, say))).toEqual([
      "after it, anomalies (No more anomalies) answers 1 instead of 0; together with it may help: cap, script",
      "nothing was changed",
    ]);
    expect(await counters()).toEqual([-3, 55, 70]);
    const { changed } = await repair(server, integrity(chat), ["reset", "cap"], true, say);
    expect(changed).toEqual({ reset: 1, cap: 2 });
    expect(await counters()).toEqual([0, 50, 50]);
  });

  test("a script is asked what it would do until it is confirmed, and its check must hold after it", async () => {
    await databaseOf("chat");
    await users(-3);
    const script = { title: "Script", provenBy: "anomalies", dryRun: "echo user u0: -3 to 0", command: "echo did nothing" };
    const file = written({ queries: chat.queries, repairs: { script } });
    expect(await repair(server, file, ["script"], false, say)).toEqual({ confirmed: false, changed: {} });
    expect(lines).toEqual(["script: user u0: -3 to 0", "Nothing was changed: with --confirm it is done"]);
    expect(await standing(repair(server, file, ["script"], true, say))).toEqual([
      "after it, anomalies (No more anomalies) answers 1 instead of 0",
      "what script changed stays",
    ]);
    const failing = written({ queries: chat.queries, repairs: { script: { ...script, command: "echo half; exit 3" } } });
    expect(await standing(repair(server, failing, ["script"], true, say))).toEqual([
      "script: `echo half; exit 3` ended with 3",
      "what it did until then it alone knows",
    ]);
    expect(lines.at(-1)).toBe("script: half");
  });

  test("a repair that there is none of, or that nothing proves, is refused with those that there are", async () => {
    await databaseOf("chat");
    const unproved = { title: "Unproved", provenBy: "negative", sql: 'DELETE FROM "User"' };
    const file = written({ queries: chat.queries, repairs: { unproved } });
    expect(await standing(repair(server, file, ["delete", "unproved"], true, say))).toEqual([
      'there is no repair "delete"; expected one of unproved',
      'unproved: "negative", which is to prove it, is no query that expects a count',
      "nothing was changed",
    ]);
  });

  test("a repair that is several statements, ends the transaction or changes no rows is refused", async () => {
    await databaseOf("chat");
    await users(-3);
    const tried = (sql: string) => {
      const file = written({ queries: chat.queries, repairs: { bad: { title: "Bad", provenBy: "anomalies", sql } } });
      return standing(repair(server, file, ["bad"], true, say));
    };
    expect(await tried('DELETE FROM "User"; COMMIT')).toEqual([
      "bad: cannot insert multiple commands into a prepared statement",
      "nothing was changed",
    ]);
    expect(await tried("COMMIT")).toEqual(["bad: a repair is an INSERT, UPDATE, DELETE or MERGE, not COMMIT", "nothing was changed"]);
    expect(await tried('DROP TABLE "User" CASCADE')).toEqual([
      "bad: a repair is an INSERT, UPDATE, DELETE or MERGE, not DROP",
      "nothing was changed",
    ]);
    expect(await counters()).toEqual([-3]);
  });
});

describe("W5: watibot's questions", () => {
  test("find every thread, and every session kept, whether the release writes sessions or not", async () => {
    await databaseOf("watibot");
    const asked = () => check(server, integrity(watibot), say).then(({ checks }) => checks);
    await query(
      url,
      "INSERT INTO conversations (thread_id, phone_number, message, session_id, vertex_migrated) VALUES ('t', '1', 'm', 's', 1)",
    );
    expect(await asked()).toEqual({ threads: { rows: 1 }, conversationsWithoutThread: { answer: 0 }, sessions: { rows: 1 } });
    await query(url, "INSERT INTO conversations (thread_id, phone_number, message) VALUES ('u', '2', 'm')");
    expect(await asked()).toEqual({ threads: { rows: 2 }, conversationsWithoutThread: { answer: 0 }, sessions: { rows: 1 } });
  });

  test("tell of a conversation that lost its thread", async () => {
    await databaseOf("watibot");
    await query(
      url,
      "ALTER TABLE conversations ALTER thread_id DROP NOT NULL; INSERT INTO conversations (phone_number, message) VALUES ('1', 'm')",
    );
    expect(await refusal(check(server, integrity(watibot), say))).toEqual([
      "conversationsWithoutThread (Conversations without the thread by which they are found) answers 1 instead of 0",
    ]);
  });
});

describe("a check is refused", () => {
  const answered = async (sql: string, expected: number | undefined = 0) => {
    await databaseOf("chat");
    await query(
      url,
      `CREATE FUNCTION log() RETURNS bigint LANGUAGE sql AS $$ INSERT INTO "User" (id, email) VALUES ('x', 'y') RETURNING 0::bigint $$`,
    );
    const asked = { title: "T", kind: "integrity", sql, ...(expected !== undefined && { expect: expected }) };
    const [problem] = await refusal(check(server, written({ queries: { asked } }), say));
    expect(await query(url, 'SELECT count(*)::int FROM "User"')).toEqual([{ count: 0 }]);
    return problem;
  };
  const reads = "; a check is one SELECT, and reads only";

  test.each([
    ["that writes", `DELETE FROM "User"`, `cannot be asked: syntax error at or near "DELETE"${reads}`],
    [
      "that writes in a WITH",
      `WITH d AS (DELETE FROM "User" RETURNING 1) SELECT count(*) FROM d`,
      `cannot be asked: DECLARE CURSOR must not contain data-modifying statements in WITH${reads}`,
    ],
    ["that writes in a function", "SELECT log()", `cannot be asked: cannot execute INSERT in a read-only transaction${reads}`],
    [
      "that is several statements",
      `SELECT 0; DELETE FROM "User"`,
      `cannot be asked: cannot insert multiple commands into a prepared statement${reads}`,
    ],
    ["that asks for what is not there", "SELECT count(*) FROM users", `cannot be asked: relation "users" does not exist${reads}`],
    [
      "with two columns where a count is expected",
      "SELECT 0 AS a, 0 AS b",
      "answers 2 columns (a, b); a check that expects a count answers one",
    ],
    [
      "with several rows where a count is expected",
      "SELECT generate_series(1, 30)",
      "answers 30 rows; a check that expects a count answers one",
    ],
    ["with no row where a count is expected", "SELECT 0 WHERE false", "answers 0 rows; a check that expects a count answers one"],
    ["with null where a count is expected", "SELECT sum(0) WHERE false", "answers null instead of 0"],
  ])("%s", async (_, sql, problem) => {
    expect(await answered(sql)).toBe(`asked (T) ${problem}`);
  });

  test("where its file is not as expected, with every path", async () => {
    await databaseOf("chat");
    expect(
      await refusal(check(server, written({ queries: { a: { title: "A", kind: "other", sql: "SELECT 0", expected: 1 } } }), say)),
    ).toEqual([
      'checks.json: queries.a.kind: Invalid option: expected one of "integrity"|"health"',
      'checks.json: queries.a: Unrecognized key: "expected"',
    ]);
    writeFileSync(join(folder, "checks.json"), "{");
    expect(await refusal(check(server, join(folder, "checks.json"), say))).toEqual([
      expect.stringMatching(/^checks.json: Expected property name/),
    ]);
  });
});
