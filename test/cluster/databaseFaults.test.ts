import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { takeUp } from "../../cli/stack/cutOff.ts";
import { databaseOf } from "../../cli/status/database.ts";
import type { DatabaseState } from "../../components/database/move.ts";
import { standInEnvironment } from "../../demo/manifests.ts";
import { backups, postgresql, storeSecret } from "../../demo/stores/manifests.ts";
import { type DrillDatabase, openDatabase } from "../../drill/database.ts";
import { applyStandIn } from "../../drill/ground.ts";
import { sleep } from "../../drill/kube.ts";
import type { RequestRecord } from "../../drill/safety.ts";
import type { Evidence } from "../../operations/database/evidence.ts";
import { clustersDir } from "../../tools/cluster/layout.ts";
import { hold, type Lock, sql } from "./database/faults/hold.ts";
import plan from "./database/faults/plan.ts";
import { everyFault, howEvery } from "./everyFault.ts";
import { shownProcesses } from "./shownProcesses.ts";
import { holder, locksOf } from "./stackLock.ts";
import { newTestSystem, type TestSystem } from "./testSystem.ts";

const session = { method: "POST", path: "/api/therapy-session", body: JSON.stringify({ message: "I slept well" }) } as const;

let clinic: TestSystem;
let database: DrillDatabase;

beforeAll(async () => {
  clinic = await newTestSystem({
    folder: join(import.meta.dirname, "database/faults"),
    app: "clinic",
    call: session,
    prepare: async ({ kube, cluster, images }) => {
      await applyStandIn(kube, images.current);
      database = await openDatabase(kube, cluster, { database: plan.database as NonNullable<typeof plan.database> }, images.current);
      const { OPENAI_BASE_URL: openaiBaseUrl } = standInEnvironment as Record<string, string>;
      return {
        environment: "development",
        // Works on both revisions, so that no pod of it is replaced.
        stable: { image: images.previous },
        previous: { image: images.previous },
        database: database.levers.database,
        settings: { openaiBaseUrl },
      };
    },
  });
  await clinic.up(at("0002"));
});
afterAll(() => clinic?.close());

type Levers = Record<string, unknown>;
/** The release itself is not verified: nothing of it changes. */
const at = (revision: string): Levers => ({ verification: undefined, database: { ...database.levers.database, revision } });
const inMaintenance = (revision: string, more: Levers = {}): Levers => ({
  maintenance: true,
  database: { ...database.levers.database, revision, ...more },
});

const columnsAt: Record<string, string> = {
  "0001": "created_at,id,message,patient_id,response",
  "0002": "created_at,gemini_model,id,message,patient_id,response",
};
const other = (revision: string): string => (revision === "0001" ? "0002" : "0001");
const columns = () =>
  sql(
    clinic.kube,
    "SELECT string_agg(column_name, ',' ORDER BY column_name) FROM information_schema.columns WHERE table_name = 'sessions'",
  );

const told = (records: readonly RequestRecord[]): string[] => records.flatMap(({ saved }) => saved ?? []);
const lost = async (ids: readonly string[]): Promise<string[]> => {
  const found = new Set(await database.lookup(ids));
  return ids.filter((id) => !found.has(id));
};

/** What `rollback status` says that an update which failed may have done to the database. */
async function attempted() {
  const { deployment } = JSON.parse((await clinic.pulumi("stack", "export")).stdout);
  return databaseOf(plan, await clinic.record(), deployment.resources)?.attempted ?? null;
}

/** On the node's disk. */
function backupsFolder(): string {
  const volumes = join(clustersDir, clinic.cluster.name, "data/volumes");
  return join(volumes, readdirSync(volumes).find((name) => name.startsWith(`${clinic.kube.namespace}-${backups}-`)) ?? "");
}

/** What steps that are over leave nothing of: databases, files that no evidence belongs to, locks, steps that still run. */
async function leftovers() {
  const running = await clinic.kube.pods("rollback-stacks/database");
  return {
    databases: await sql(clinic.kube, "SELECT datname FROM pg_database WHERE datname LIKE '%\\_rollback\\_%'"),
    locks: await sql(clinic.kube, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"),
    files: readdirSync(backupsFolder()).filter((file) => !/^[\dTZ-]+-[0-9a-f]{12}\.dump(\.json)?$/.test(file)),
    steps: running.filter(({ status }) => status?.phase === "Running" || status?.phase === "Pending").map(({ metadata }) => metadata?.name),
    stack: locksOf(clinic.locks),
  };
}
const nothing = { databases: "", locks: "0", files: [], steps: [], stack: [] };

interface Step {
  /** What it is held by. */
  lock: Lock;
  /** What an earlier step is held by until that lock is taken, which would hold another one otherwise. */
  after?: Lock;
  /** The revision that the update goes to; the one after it goes back. */
  to: string;
}

const change = { database: postgresql.database, statement: "LOCK TABLE kysely_migration IN SHARE MODE" };
/** Whoever connects first to a database reads all of its catalogs, and some that all databases share. */
const catalog = (table: string): Lock => ({ database: "postgres", statement: `LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE` });
const newDatabase = catalog("pg_replication_origin");
const steps = {
  change: { lock: change, to: "0001" },
  assess: { lock: catalog("pg_proc"), to: "0002" },
  verify: { lock: catalog("pg_parameter_acl"), after: change, to: "0001" },
  backup: { lock: newDatabase, to: "0002" },
} satisfies Record<string, Step>;
/** Held like a backup, when the backup before it only has its scratch database to drop. */
const restore = { lock: newDatabase, after: { database: "postgres", statement: "LOCK TABLE pg_db_role_setting IN SHARE MODE" } };

interface Fault {
  /** Whether the update is told of it, and says so. */
  fails: RegExp | undefined;
  happens(step: string): Promise<void>;
  /** How the next update goes on after it, where not by `pulumi up` alone. */
  goOn?(levers: Levers): Promise<unknown>;
}

const podOf = async (step: string): Promise<string> => {
  const pods = await clinic.kube.pods(`rollback-stacks/database=${step}`);
  return pods.find(({ status }) => status?.phase === "Running" || status?.phase === "Pending")?.metadata?.name ?? "";
};

const faults: Record<string, Fault> = {
  "its pod killed": {
    fails: /Job \S+ cannot become ready: BackoffLimitExceeded/,
    // Which returns when none of its processes is left.
    happens: async (step) => void (await clinic.kubectl("delete", "pod", await podOf(step), "--grace-period=1")),
  },
  "the database killed": {
    fails: /its last lines: .*(connection|database)/i,
    async happens() {
      const { name } = postgresql;
      // Without a last word to anybody, and without writing anything any more.
      await clinic.kube.exec(`${name}-0`, name, ["/bin/sh", "-c", "kill -QUIT 1"], "").catch(() => {});
      await clinic.kubectl("delete", "pod", `${name}-0`);
      await clinic.kube.statefulSetReady(name, 60_000);
    },
  },
  "pulumi up killed": { fails: undefined, happens: killUpdate },
  "pulumi up killed and `rollback` after it": { fails: undefined, happens: killUpdate, goOn: asRollback },
};

async function killUpdate(): Promise<void> {
  process.kill(await holder(clinic.locks), "SIGKILL");
}

/** What its commands do after an update was killed. */
async function asRollback(levers: Levers): Promise<void> {
  await takeUp(clinic.open(plan));
  await clinic.up(levers, "--refresh");
}

/** What anybody could have seen of the steps while they were held. */
const shown: string[] = [];

async function described(): Promise<string> {
  const pods = await clinic.kube.pods("");
  const logs = pods.map(({ metadata }) => clinic.kubectl("logs", metadata?.name ?? "", "--all-containers").catch(() => ""));
  return (await Promise.all([clinic.kubectl("describe", "pods,jobs"), clinic.kubectl("get", "pods,jobs", "-o", "yaml"), ...logs])).join(
    "\n",
  );
}

/** Runs an update until a step of it is half-way, lets a fault happen, and lets it go on. Returns what the update said. */
async function interrupted(levers: Levers, name: string, { lock, after }: Pick<Step, "lock" | "after">, fault: Fault): Promise<string> {
  let held = await hold(clinic.kube, after ?? lock);
  const update = clinic.up(levers).then(
    () => "it ended well",
    (error: Error) => error.message,
  );
  const reached = () => Promise.race([held.reached(), update.then((said) => Promise.reject(new Error(`it was not held: ${said}`)))]);
  await reached();
  if (after) {
    const earlier = held;
    held = await hold(clinic.kube, lock);
    await earlier.release();
    await reached();
  }
  shown.push(shownProcesses(), await described());
  await fault.happens(name);
  await held.release();
  return update;
}

/** The revision that an update to this one comes from, where the database is now. */
async function comingFrom(to: string): Promise<string> {
  if ((await clinic.record()).database?.revision === to) await clinic.up(at(other(to)));
  return other(to);
}

/** Where it was killed, Pulumi says what to do first. */
async function finished(levers: Levers, { fails, goOn = clinic.up }: Fault): Promise<void> {
  if (fails) return void (await clinic.up(levers));
  await expect(clinic.up(levers)).rejects.toThrow("the stack is currently locked by 1 lock(s)");
  await clinic.pulumi("cancel", "--yes");
  await goOn(levers);
}

/** Of the table, what there is time for every time. */
const always: Record<string, string> = { verify: "its pod killed" };

describe.each(Object.entries(faults))("M5: with %s, the service goes on, and the next update finishes the step", (what, fault) => {
  test.for(Object.entries<Step>(steps))("%s", async ([name, step], { skip }) => {
    skip(!everyFault && always[name] !== what, howEvery);
    const { to } = step;
    const from = await comingFrom(to);
    const way = to < from ? "down" : "up";
    const load = await clinic.load();
    const said = await interrupted(at(to), name, step, fault);
    await sleep(500);
    const records = await load.stop();
    if (fault.fails) expect(said).toMatch(fault.fails);
    if (what !== "the database killed") expect(records.filter(({ status }) => status !== 200)).toEqual([]);
    expect((await clinic.request(session)).status).toBe(200);
    expect(told(records).length).toBeGreaterThan(0);
    expect(await lost(told(records))).toEqual([]);
    const begun = name === "change" || name === "verify";
    if (fault.fails) expect(await columns()).toBe(columnsAt[name === "verify" ? to : from]);
    expect(await attempted()).toEqual(begun ? { way, revision: to } : null);

    await finished(at(to), fault);
    expect(await columns()).toBe(columnsAt[to]);
    expect(await lost(told(records))).toEqual([]);
    expect((await clinic.record()).database).toMatchObject({ revision: to, run: { way } });
    expect(await leftovers()).toEqual(nothing);
  });
});

/** How one goes back after a killed update. */
const waysBack: Record<string, (levers: Levers) => Promise<void>> = {
  async "`pulumi up`"(levers) {
    await clinic.up(levers);
    await clinic.pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
  },
  "`rollback`, which puts that Job into the state,": asRollback,
};

test.each(Object.entries(waysBack))(
  "M5: `pulumi up` killed in the change, and the levers set back: %s waits for the Job that goes on, and undoes what it did",
  async (_way, goBack) => {
    const { lock, to } = steps.change;
    const from = await comingFrom(to);
    const held = await hold(clinic.kube, lock);
    const killed = clinic.up(at(to)).catch(() => {});
    await held.reached();
    await killUpdate();
    await killed;
    await clinic.pulumi("cancel", "--yes");
    const undone = goBack(at(from));
    const waits = async () => {
      const pod = await podOf("assess");
      return pod === "" ? "" : clinic.kubectl("logs", pod, "--container", "others").catch(() => "");
    };
    while (!/waiting for the end of clinic-database-change-/.test(await waits())) await sleep(200);
    await held.release();
    await undone;
    expect(await columns()).toBe(columnsAt[from]);
    expect((await clinic.record()).database).toMatchObject({ revision: from, run: { way: "up" } });
    expect(await leftovers()).toEqual(nothing);
    expect(await clinic.preview(at(from))).toEqual({});
  },
);

describe("B4: in maintenance, with", () => {
  const sessions = async () => Number(await sql(clinic.kube, "SELECT count(*) FROM sessions"));
  const taken: { revision: string; file: string; rows: Record<string, number> }[] = [];

  beforeAll(async () => {
    if (!everyFault) return;
    const { revision: from = "" } = (await clinic.record()).database ?? {};
    for (const [to, revision] of [
      [other(from), from],
      [from, other(from)],
    ] as const) {
      await clinic.up(at(to));
      const { evidence } = (await clinic.record()).database as DatabaseState;
      taken.push({ revision, ...(evidence as { backup: Evidence }).backup });
    }
    await clinic.up(inMaintenance(from));
    await clinic.gone("app=clinic,rollback-stacks/track=stable");
  });

  test.for(Object.entries(faults))(
    "%s, a restore leaves the data as they were, and the next update finishes it",
    async ([, fault], { skip }) => {
      skip(!everyFault, howEvery);
      const { revision, file, rows } = taken.shift() as (typeof taken)[number];
      // Back to it with the last but one.
      taken.push({ revision, file, rows });
      const restored = inMaintenance(revision, { restore: file });
      // A scratch database with settings of its own would be held by what holds the backup at its end.
      await sql(clinic.kube, "ALTER DATABASE app RESET rollback_stacks.restored");
      await sql(clinic.kube, "DELETE FROM sessions WHERE id = (SELECT id FROM sessions LIMIT 1)");
      const before = await sessions();
      const said = await interrupted(restored, "change", restore, fault);
      if (fault.fails) expect(said).toMatch(fault.fails);
      if (fault.fails) expect(await sessions()).toBe(before);
      expect(await attempted()).toEqual({ way: "restore", revision });

      await finished(restored, fault);
      expect(await sessions()).toBe(rows["public.sessions"]);
      expect((await clinic.record()).database).toMatchObject({ revision, restore: file, run: { way: "restore" } });
      expect(await leftovers()).toEqual(nothing);
    },
  );
});

test("the passwords are in no argument list, environment, description, event or log of the steps", async () => {
  const { data } = JSON.parse(await clinic.kubectl("get", "secret", storeSecret.name, "-o", "json")) as { data: Record<string, string> };
  const password = Buffer.from(data[storeSecret.keys.postgresql] ?? "", "base64").toString();
  expect(password).toHaveLength(32);
  const everything = [...shown, await clinic.kubectl("get", "events", "-o", "yaml")].join("\n");
  for (const step of everyFault ? [...Object.keys(steps), "restore"] : Object.keys(always))
    expect(everything).toMatch(new RegExp(`database\\.mjs.${step}|migrate`));
  expect(everything).toContain("DATABASE_PASSWORD_FILE=/etc/database/");
  expect(everything.includes(password)).toBe(false);
  expect(everything.includes(Buffer.from(password).toString("base64"))).toBe(false);
});
