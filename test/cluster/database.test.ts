import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { plural } from "../../components/plan/words.ts";
import { standInEnvironment } from "../../demo/manifests.ts";
import { postgresql } from "../../demo/stores/manifests.ts";
import { type DrillDatabase, openDatabase } from "../../drill/database.ts";
import { applyStandIn } from "../../drill/ground.ts";
import { sleep } from "../../drill/kube.ts";
import type { RequestRecord } from "../../drill/safety.ts";
import { rollbackInProcess } from "../rollbackInProcess.ts";
import plan from "./database/plan.ts";
import { newTestSystem, type TestSystem } from "./testSystem.ts";

let clinic: TestSystem;
let database: DrillDatabase;
/** What the restore took away: all rows, and those of them that clients were told of after the last update. */
let lostByRestore: { told: string[]; rows: number };

beforeAll(async () => {
  clinic = await newTestSystem({
    folder: join(import.meta.dirname, "database"),
    app: "clinic",
    call: { method: "POST", path: "/api/therapy-session", body: JSON.stringify({ message: "I slept well" }) },
    prepare: async ({ kube, cluster, images }) => {
      await applyStandIn(kube, images.current);
      database = await openDatabase(kube, cluster, { database: plan.database as NonNullable<typeof plan.database> }, images.current);
      const { OPENAI_BASE_URL: openaiBaseUrl } = standInEnvironment as Record<string, string>;
      // Of which the guards ask little: they have tests of their own.
      return {
        environment: "development",
        previous: { image: images.previous },
        database: database.levers.database,
        settings: { openaiBaseUrl },
      };
    },
  });
  await clinic.up();
});
afterAll(() => clinic?.close());

const at = (revision: string, more: Record<string, unknown> = {}) => ({ ...database.levers.database, revision, ...more });
const sql = async (statement: string): Promise<string> => {
  const { name, user, database: app } = postgresql;
  const psql = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--host=/tmp", `--username=${user}`, app];
  return (await clinic.kube.exec(`${name}-0`, name, psql, `${statement}\n\\q\n`)).trim();
};
const columns = () =>
  sql("SELECT string_agg(column_name, ',' ORDER BY column_name) FROM information_schema.columns WHERE table_name = 'sessions'");
const oldColumns = "created_at,id,message,patient_id,response";
const newColumns = "created_at,gemini_model,id,message,patient_id,response";

const told = (records: readonly RequestRecord[]): string[] => records.flatMap(({ saved }) => saved ?? []);
/** Every answer but 200, and when. */
const failures = (records: readonly RequestRecord[]) =>
  records
    .filter(({ status }) => status !== 200)
    .map(({ status, error, startedAt }) => `${new Date(startedAt).toISOString()} ${error ?? status}`);
/** Those of the rows that clients were told of that the database does not have. */
const lost = async (ids: readonly string[]): Promise<string[]> => {
  const found = new Set(await database.lookup(ids));
  return ids.filter((id) => !found.has(id));
};
const versionThatAnswers = async () => JSON.parse((await clinic.request({ method: "GET", path: "/health" })).body).version;

it("takes a database over whose revision is the one that the stack says, and records it", async () => {
  expect((await clinic.record()).database).toMatchObject({ revision: "0002", run: { number: 1, way: "adopt", revision: "0002" } });
  expect(await clinic.preview()).toEqual({});
});

it("C5: an update after which the data are not as expected is not verified and names the repair; with that done, the next one is", async () => {
  const faster = { settings: { openaiBaseUrl: (standInEnvironment as Record<string, string>).OPENAI_BASE_URL, aiTimeoutMs: 5000 } };
  const good = await clinic.record();
  await clinic.request({ method: "POST", path: "/api/therapy-session", body: JSON.stringify({ message: "I slept well" }) });
  await sql("UPDATE sessions SET message = ''");
  await expect(clinic.up(faster)).rejects.toThrow(
    /✘ Sessions without a message: expected 0; found 1; .*\s+mend it with: rollback data repair forget/,
  );
  expect(await clinic.record()).toEqual(good);
  const verify = () => rollbackInProcess(["verify"], clinic.open(plan));
  expect(await verify()).toMatchObject({
    said: "1 of 1 probes do not hold.",
    printed: expect.stringMatching(
      /^✘ .*blank \(Sessions without a message\) answers 1 instead of 0; .*\s+mend it with: rollback data repair forget/,
    ),
  });

  const repair = (...flags: string[]) => rollbackInProcess(["data", "repair", "forget", ...flags], clinic.open(plan));
  const blank = () => sql("SELECT count(*) FROM sessions WHERE message = ''");
  const tried = await repair();
  expect(tried).toMatchObject({ code: 0, said: "" });
  expect(tried.printed).toMatch(/^forget: would change 1 row$[\s\S]*^Nothing was changed: with --confirm it is done$/m);
  expect(await blank()).toBe("1");
  const done = await repair("--confirm", "--by", "ada", "--incident", "INC-8");
  expect(done).toMatchObject({ code: 0, said: "", printed: expect.stringMatching(/^forget: changed 1 row$/m) });
  expect(await blank()).toBe("0");
  expect(await repair("--confirm")).toMatchObject({ code: 0, said: "", printed: expect.stringMatching(/^forget: changed 0 rows$/m) });
  const [last] = JSON.parse((await rollbackInProcess(["history", "--json"], clinic.open(plan))).printed);
  expect(last).toMatchObject({ what: "rollback data repair forget", by: "ada", incident: "INC-8", ended: "done" });

  await clinic.up(faster);
  expect((await clinic.record()).levers?.settings).toMatchObject({ aiTimeoutMs: 5000 });
  expect((await verify()).printed).toBe("✔ Sessions without a patient\n✔ Sessions without a message\nAll 2 probes hold.");
});

it("M5: goes down to the previous revision under load with nothing lost, backed up before and proved, and records the evidence", async () => {
  const down = { stable: { image: clinic.images.previous }, database: at("0001") };
  const load = await clinic.load();
  await clinic.up(down);
  const records = await load.stop();
  expect(failures(records)).toEqual([]);
  expect(told(records)).toHaveLength(records.length);
  expect(await lost(told(records))).toEqual([]);
  expect(await columns()).toBe(oldColumns);
  const { revision, run, evidence } = (await clinic.record()).database ?? {};
  expect({ revision, run }).toEqual({ revision: "0001", run: { number: 2, way: "down", revision: "0001" } });
  expect(evidence).toMatchObject({
    backup: { file: expect.stringMatching(/\.dump$/), sha256: expect.stringMatching(/^[0-9a-f]{64}$/), rows: { "public.patients": 1 } },
    revision: { revision: "0001" },
    check: { checks: { orphans: { answer: 0 } } },
  });
  expect(await clinic.preview(down)).toEqual({});
});

it("M5: is refused while a long transaction runs, before anything changes; a step that fails leaves the data as they were, and the next update goes on", async () => {
  const up = { database: at("0002") };
  const transaction = sql("BEGIN; SELECT count(*) FROM patients; SELECT pg_sleep(1800); COMMIT;").catch(() => "ended");
  const others = "FROM pg_stat_activity WHERE query LIKE '%pg_sleep(1800)%' AND pid <> pg_backend_pid()";
  while ((await sql(`SELECT count(*) ${others} AND now() - xact_start > interval '61 s'`)) !== "1") await sleep(1000);
  await expect(clinic.up(up)).rejects.toThrow(/a transaction of .* is open for \d+ s/);
  expect(await versionThatAnswers()).toBe("1.0.0");
  expect(await columns()).toBe(oldColumns);
  await sql(`SELECT pg_terminate_backend(pid) ${others}`);
  await transaction;

  // What the migration is about to add is there already.
  await sql("ALTER TABLE sessions ADD COLUMN gemini_model text");
  const load = await clinic.load();
  await expect(clinic.up(up)).rejects.toThrow(/gemini_model.*already exists/);
  const records = await load.stop();
  expect(failures(records)).toEqual([]);
  expect(await lost(told(records))).toEqual([]);
  expect(await versionThatAnswers()).toBe("1.0.0");
  expect((await clinic.record()).database?.revision).toBe("0001");

  await sql("ALTER TABLE sessions DROP COLUMN gemini_model");
  await clinic.up(up);
  expect(await columns()).toBe(newColumns);
  expect(await versionThatAnswers()).toBe("1.1.0");
  expect((await clinic.record()).database).toMatchObject({ revision: "0002", run: { number: 4, way: "up" } });
});

it("B4: restores an earlier backup in maintenance, with the previous release: every row of then is there, and none of later", async () => {
  const { backup } = (await clinic.record()).database?.evidence ?? {};
  const { file, rows } = backup as { file: string; rows: Record<string, number> };
  const load = await clinic.load();
  while (told(load.records).length === 0) await sleep(200);
  const later = told(await load.stop());
  const written = Number(await sql("SELECT count(*) FROM sessions"));
  const restored = { stable: { image: clinic.images.previous }, database: at("0001", { restore: file }) };
  await expect(clinic.up(restored)).rejects.toThrow(/This update may lose data\. Nothing was changed\.\n\s+maintenance: is off/);
  await clinic.up({ maintenance: true });
  await clinic.up({ maintenance: true, ...restored });
  await clinic.up(restored);
  expect(await versionThatAnswers()).toBe("1.0.0");
  expect(await sql("SELECT count(*) FROM sessions")).toBe(String(rows["public.sessions"]));
  expect(await lost(later)).toEqual(later);
  lostByRestore = { told: later, rows: written - (rows["public.sessions"] ?? 0) };
  expect((await clinic.record()).database).toMatchObject({ revision: "0001", restore: file, run: { way: "restore" } });
  expect(await clinic.preview(restored)).toEqual({});
});

it("B5: an operator is told what the restore lost, tries to bring it back, does, and finds every row there and nothing to do any more", async () => {
  const rollback = (...args: string[]) => rollbackInProcess(["data", ...args], clinic.open(plan));
  const listed = JSON.parse((await rollback("backups", "--json")).printed);
  const [{ file = "" } = {}] = listed.filter(({ restore }: { restore?: string }) => restore === "before");
  const found = JSON.parse((await rollback("loss", file, "--json")).printed);
  expect(found).toMatchObject({
    window: { seconds: expect.any(Number) },
    tables: { "public.sessions": { missing: lostByRestore.rows } },
  });

  const tried = await rollback("recover", file);
  expect(tried).toMatchObject({ code: 0, said: "" });
  expect(tried.printed).toMatch(
    new RegExp(
      `^public\\.sessions: ${plural(lostByRestore.rows, "row")} would be recovered$[^]*^Nothing was recovered: with --confirm it is$`,
      "m",
    ),
  );
  expect(await lost(lostByRestore.told)).toEqual(lostByRestore.told);

  const asked = ["data", "recover", file, "--by", "ada", "--incident", "INC-7"];
  expect(await rollbackInProcess(asked, clinic.open(plan), { answers: ["n"] })).toMatchObject({ code: 3, said: "Nothing was changed." });
  expect(await lost(lostByRestore.told)).toEqual(lostByRestore.told);
  expect(await rollbackInProcess(asked, clinic.open(plan), { answers: ["y"] })).toMatchObject({ code: 0, said: "" });
  expect(await lost(lostByRestore.told)).toEqual([]);
  const again = await rollback("recover", file, "--confirm");
  expect(again).toMatchObject({ code: 0, said: "", printed: expect.stringMatching(/^public\.sessions: 0 rows recovered$/m) });
  expect(await rollback("check")).toMatchObject({ code: 0, said: "", printed: "orphans: 0, as expected\nblank: 0, as expected" });

  const [last] = JSON.parse((await rollbackInProcess(["history", "--json"], clinic.open(plan))).printed);
  expect(last).toMatchObject({ what: `rollback data recover ${file}`, by: "ada", incident: "INC-7", ended: "done" });
  await clinic.gone("rollback-stacks/database in (backups,loss,recover,check)");
});

it("data that are not whole are told, with where things stand, and a backup that is not there too", async () => {
  const rollback = (...args: string[]) => rollbackInProcess(["data", ...args], clinic.open(plan));
  const none = await rollback("loss", "none.dump");
  expect(none).toMatchObject({ code: 1, said: "none.dump was never proved: none.dump.json is not beside it\nnothing was changed" });
  await sql(
    "SET session_replication_role = replica; UPDATE sessions SET patient_id = gen_random_uuid() WHERE id = (SELECT id FROM sessions LIMIT 1)",
  );
  const orphan = await rollback("check");
  expect(orphan).toMatchObject({ code: 1, said: "orphans (Sessions without a patient) answers 1 instead of 0\nnothing was changed" });
});
