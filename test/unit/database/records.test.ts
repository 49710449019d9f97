import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../../demo/database/connection.ts";
import { migrations, type System } from "../../../demo/database/migrations/index.ts";
import { createMigrator } from "../../../demo/database/migrator.ts";
import { savedIn } from "../../../demo/database/savedIn.ts";
import { demoImage } from "../../../demo/image.ts";
import { bundlePrograms } from "../../../images/bundle.ts";
import { type Program, post, startProgram, stopProgram, untilReady } from "../demo-processes.ts";
import { type Postgresql, query, startPostgresql } from "./postgresql.ts";

const keys = { OPENAI_API_KEY: "sk-test-openai-4711", GEMINI_API_KEY: "test-gemini-4711", GOOGLE_API_KEY: "test-vertex-4711" };
const together = 40;

let server: Postgresql;
let folder: string;
let standIn: Program;
let service: Program | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "records-"));
  [server] = await Promise.all([startPostgresql(), bundlePrograms(demoImage.programs, folder)]);
  standIn = await startProgram(join(folder, "providers.mjs"), { LATENCY_MS: "0" });
});

afterEach(async () => {
  if (service) await stopProgram(service);
});

afterAll(async () => {
  await stopProgram(standIn);
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** The demo service on a fresh database of a system at a revision. */
async function serviceOf(system: System, database: string, revision: string, env: Record<string, string> = {}) {
  const url = await server.create(database);
  const db = connect<unknown>({ url, connections: 1 });
  await createMigrator(db, migrations[system]).to(revision);
  await db.destroy();
  const provider = {
    OPENAI_BASE_URL: `${standIn.url}/v1`,
    GOOGLE_GEMINI_BASE_URL: standIn.url,
    GOOGLE_VERTEX_BASE_URL: standIn.url,
  };
  service = await startProgram(join(folder, "service.mjs"), { ...keys, ...provider, DATABASE_URL: url, DATABASE_TABLES: system, ...env });
  await untilReady(service);
  return { url, address: service.url };
}

/** The ids that clients were told, sent at once. */
async function savedBy(address: string, path: string, body: (index: number) => Record<string, unknown>): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: together }, (_, index) => post(`${address}${path}`, body(index))));
  expect(answers.map(({ status }) => status)).toEqual(Array(together).fill(200));
  return answers.map((answer) => String(answer.body.saved)).sort();
}

const idsIn = async (url: string, sql: string) => (await query(url, sql)).map(({ id }) => String(id)).sort();

describe("each request leaves a row, under the id that its client is told", () => {
  test("mindmend: a session of its patient", async () => {
    const { url, address } = await serviceOf("mindmend", "mindmend", "0002", { AI_PROVIDER: "gemini" });
    const saved = await savedBy(address, "/api/therapy-session", (index) => ({ message: "test", patient: `p${index % 4}@example.com` }));
    expect(saved).toEqual(await idsIn(url, `SELECT id FROM ${savedIn.mindmend} WHERE gemini_model = 'gemini-2.5-flash'`));
    expect(await query(url, "SELECT count(*)::int FROM patients")).toEqual([{ count: 4 }]);
  });

  test("watibot: a conversation, on OpenAI without anything of Vertex AI's", async () => {
    const { url, address } = await serviceOf("watibot", "watibot_openai", "0002");
    const saved = await savedBy(address, "/webhook", () => ({ test: "test" }));
    expect(saved).toEqual(await idsIn(url, `SELECT id FROM ${savedIn.watibot} WHERE vertex_migrated = 0 AND session_id IS NULL`));
  });

  test("W5: watibot on Vertex AI: a session beside the thread, which it does not touch", async () => {
    const { url, address } = await serviceOf("watibot", "watibot_vertex", "0002", { USE_VERTEX_AI: "true" });
    const saved = await savedBy(address, "/webhook", () => ({ test: "test" }));
    const migrated = "vertex_migrated = 1 AND session_id IS NOT NULL AND migration_date IS NOT NULL AND thread_id IS NOT NULL";
    expect(saved).toEqual(await idsIn(url, `SELECT id FROM conversations WHERE ${migrated}`));
  });

  test("wabot: a message and its answer in one conversation, and what the enhancements note of them", async () => {
    const { url, address } = await serviceOf("wabot", "wabot", "0002");
    const saved = await savedBy(address, "/webhook", () => ({ text: "Blue shoes?", tenant: "t1", from: "+12025550100" }));
    expect(saved).toEqual(await idsIn(url, `SELECT id FROM ${savedIn.wabot} WHERE direction = 'inbound'`));
    const counts = ["messaging_conversation", "bot_messageharmonizationlog", "bot_referencecontext"].map(
      async (table) => (await query(url, `SELECT count(*)::int FROM ${table}`))[0]?.count,
    );
    expect(await Promise.all(counts)).toEqual([1, together, together]);
    expect(await query(url, "SELECT app, name FROM django_migrations ORDER BY name")).toEqual([
      { app: "bot", name: "0001" },
      { app: "bot", name: "0002" },
    ]);
  });

  test("chat: a message, counted for its user", async () => {
    const { url, address } = await serviceOf("chat", "chat", "0001");
    const saved = await savedBy(address, "/api/chat", () => ({ message: "test", userId: "u1" }));
    expect(saved).toEqual(await idsIn(url, `SELECT id FROM "${savedIn.chat}"`));
    expect(await query(url, 'SELECT "requestsToday" FROM "User"')).toEqual([{ requestsToday: String(together) }]);
  });

  test("easymo: a message of its profile", async () => {
    const { url, address } = await serviceOf("easymo", "easymo", "0002", { FEATURE_AGENT_CHAT: "true" });
    const saved = await savedBy(address, "/webhook", (index) => ({ text: "Hello", from: `+1202555${1000 + index}` }));
    expect(saved).toEqual(await idsIn(url, `SELECT id FROM ${savedIn.easymo}`));
    expect(await query(url, "SELECT count(*)::int FROM profiles")).toEqual([{ count: together }]);
  });
});

test("E6, E9: a voucher's state is the database's: of two who redeem it at once one is refused", async () => {
  const { url, address } = await serviceOf("easymo", "vouchers", "0002", { FEATURE_AGENT_VOUCHERS: "true" });
  const from = "+12025550100";
  const { body } = await post(`${address}/webhook`, { text: `create voucher 5000 for ${from}`, from });
  const { id } = body.voucher as { id: string };
  const redeem = () => post(`${address}/webhook`, { text: `redeem voucher ${id}`, from });
  const answers = await Promise.all([redeem(), redeem()]);
  expect(answers.map((answer) => answer.body.status).sort()).toEqual(["answered", "refused"]);
  expect(await query(url, "SELECT customer, amount, state FROM vouchers")).toEqual([{ customer: from, amount: 5000, state: "redeemed" }]);
});

test("the password may be in a file, whatever characters it has", async () => {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, "50 %:@/4711\n");
  const { url } = await serviceOf("mindmend", "guarded", "0002");
  await query(url, "CREATE ROLE guarded SUPERUSER LOGIN PASSWORD '50 %:@/4711'");
  const db = connect<unknown>({ url: url.replace("app@", "guarded@"), passwordFile, connections: 1 });
  expect(await createMigrator(db, migrations.mindmend).current()).toBe("0002");
  await db.destroy();
});

test("the release before works on the revision before, and on the newer one", async () => {
  for (const revision of ["0001", "0002"]) {
    const { url, address } = await serviceOf("mindmend", `release_before_${revision}`, revision, { APP_DATABASE_REVISION: "1" });
    const saved = await savedBy(address, "/api/therapy-session", () => ({ message: "test" }));
    expect(saved).toEqual(await idsIn(url, "SELECT id FROM sessions"));
    if (service) await stopProgram(service);
  }
});

test("a client is told of no row that was not saved", async () => {
  const { url, address } = await serviceOf("mindmend", "gone", "0002");
  await query(url, "DROP TABLE sessions");
  const { status, body } = await post(`${address}/api/therapy-session`, { message: "test" });
  expect(status).toBe(500);
  expect(body).toEqual({ error: { kind: "internal", message: "unexpected error; the log has it under the correlation id" } });
});

test("a database that is killed while a row waits for it costs that row alone: the service goes on when it is back", async () => {
  const { url, address } = await serviceOf("mindmend", "killed", "0002");
  const other = new Client({ connectionString: url });
  other.on("error", () => {});
  await other.connect();
  await other.query("BEGIN; LOCK TABLE sessions IN SHARE MODE");
  const session = () => post(`${address}/api/therapy-session`, { message: "test" });
  const waiting = session();
  while ((await query(url, "SELECT FROM pg_locks WHERE NOT granted")).length === 0) await sleep(20);
  await server.restart();
  expect((await waiting).status).toBe(500);
  const { status, body } = await session();
  expect(status).toBe(200);
  expect(await idsIn(url, "SELECT id FROM sessions")).toEqual([body.saved]);
});
