import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bundlePrograms } from "../../images/bundle.ts";
import { backUp } from "../../operations/database/backup.ts";
import { Server } from "../../operations/database/server.ts";
import { type Postgresql, programEnvironment, query, startPostgresql } from "../unit/database/postgresql.ts";
import { Programs } from "../unit/database/programs.ts";

let postgresql: Postgresql;
let folder: string;
let programs: Programs;
let count = 0;
const mounted: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "faults-"));
  for (const [name, value] of Object.entries(programEnvironment())) vi.stubEnv(name, value);
  [postgresql] = await Promise.all([startPostgresql(), bundlePrograms({ database: "operations/database/main.ts" }, folder)]);
  programs = new Programs(folder);
  await makeBackups();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await postgresql.stop();
  for (const disk of mounted) await execa("umount", [disk]);
  rmSync(folder, { recursive: true });
});

/** Ten messages, then five more, of which the first backup has none; one counter is wrong. */
const before = { messages: 15, wrong: 1 };
const older = { messages: 10, wrong: 1 };
const repaired = { messages: 15, wrong: 0 };

interface Step {
  args: (paths: Paths) => string[];
  /** The database before it; the five messages are lost where it is the older one. */
  begins: object;
  /** The database once it is done. */
  done: object;
  /** Where it is held half-way: a program of PostgreSQL's, or a lock that it has to wait for. */
  held: { program: string } | { lock: string };
}

interface Paths {
  backups: string;
  older: string;
  forensic: string;
  checks: string;
}

const steps: Record<string, Step> = {
  assess: {
    args: ({ backups, older }) => ["assess", "--folder", backups, "--restore", older],
    begins: before,
    done: before,
    held: { program: "pg_restore_list" },
  },
  backup: { args: ({ backups }) => ["backup", backups], begins: before, done: before, held: { program: "pg_restore" } },
  verify: { args: ({ older }) => ["verify", older], begins: before, done: before, held: { program: "pg_restore" } },
  restore: { args: ({ older }) => ["restore", older], begins: before, done: older, held: { program: "pg_restore" } },
  check: {
    args: ({ checks }) => ["check", checks],
    begins: repaired,
    done: repaired,
    held: { lock: "LOCK TABLE counters IN ACCESS EXCLUSIVE MODE" },
  },
  repair: {
    args: ({ checks }) => ["repair", checks, "reset", "--confirm"],
    begins: before,
    done: repaired,
    held: { lock: "LOCK TABLE counters IN SHARE MODE" },
  },
  loss: { args: ({ forensic }) => ["loss", forensic], begins: older, done: older, held: { program: "pg_restore" } },
  recover: {
    args: ({ forensic }) => ["recover", forensic, "--confirm"],
    begins: older,
    done: before,
    held: { lock: "LOCK TABLE messages IN SHARE MODE" },
  },
};

let made: Paths & { url: string };

async function makeBackups(): Promise<void> {
  const backups = join(folder, "made");
  const url = await postgresql.create("made");
  const server = new Server({ url });
  await query(url, "CREATE TABLE messages (id serial PRIMARY KEY, body text); CREATE TABLE counters (id int PRIMARY KEY, used int)");
  await query(url, "INSERT INTO messages (body) SELECT i FROM generate_series(1, 10) i; INSERT INTO counters VALUES (1, -3)");
  const first = await backUp(server, backups);
  await query(url, "INSERT INTO messages (body) SELECT i FROM generate_series(11, 15) i");
  const second = await backUp(server, backups);
  server.close();
  made = { url, backups, older: first.file, forensic: second.file, checks: join(folder, "checks.json") };
  const wrong = { title: "Wrong", kind: "integrity", sql: "SELECT count(*) FROM counters WHERE used < 0", expect: 0 };
  const reset = { title: "Reset", provenBy: "wrong", sql: "UPDATE counters SET used = 0 WHERE used < 0" };
  writeFileSync(made.checks, JSON.stringify({ queries: { wrong }, repairs: { reset } }));
}

/** A database and a folder of backups as a step finds them. */
async function scene({ begins, args }: Step) {
  const name = `shop${++count}`;
  const [maintenance, url] = ["postgres", name].map((database) => made.url.replace("/made?", `/${database}?`)) as [string, string];
  const disks = join(folder, name);
  const [backups, data] = [join(disks, "backups"), join(disks, "data")];
  for (const disk of [backups, data]) {
    mkdirSync(disk, { recursive: true });
    await execa("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", disk]);
    mounted.push(disk);
  }
  await query(maintenance, `CREATE TABLESPACE ${name} LOCATION '${data}'`);
  await query(maintenance, `CREATE DATABASE ${name} TEMPLATE made TABLESPACE ${name}`);
  for (const file of readdirSync(made.backups)) copyFileSync(join(made.backups, file), join(backups, file));
  if (begins === older) await query(url, "DELETE FROM messages WHERE id > 10");
  if (begins === repaired) await query(url, "UPDATE counters SET used = 0");
  const paths = { backups, older: join(backups, made.older), forensic: join(backups, made.forensic), checks: made.checks };
  const state = async () =>
    (await query(url, "SELECT count(*)::int AS messages, (SELECT count(*)::int FROM counters WHERE used < 0) AS wrong FROM messages"))[0];
  const leftovers = async () => {
    const named = `SELECT datname FROM pg_database WHERE datname LIKE '${name}\\_rollback\\_%'`;
    return [...(await query(maintenance, named)), ...readdirSync(backups).filter((file) => file.includes("partial"))];
  };
  return { url, maintenance, disks: { backups, data }, paths, args: args(paths), state, leftovers };
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** Whoever holds a step by a lock: cut off before the step, it would let that go on. */
const holder = "holder";

/** Runs a step until it is half-way, does something to it, and lets it go on. */
async function halfway(step: Step, { url, args }: Scene, fault: (run: ReturnType<Programs["start"]>) => Promise<unknown>) {
  if ("program" in step.held) {
    const release = programs.hold(step.held.program);
    const run = programs.start(url, args);
    try {
      await programs.held(run);
      await fault(run);
    } finally {
      release();
    }
    return run.ended;
  }
  const other = new Client({ connectionString: url, application_name: holder });
  other.on("error", () => {});
  await other.connect();
  await other.query(`BEGIN; ${step.held.lock}`);
  const run = programs.start(url, args);
  const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
  while (run.child.exitCode === null && (await query(url, waiting)).length === 0) await sleep(10);
  await fault(run);
  await other.end().catch(() => {});
  return run.ended;
}

const cut = ({ maintenance }: Scene) =>
  query(
    maintenance,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND application_name <> '${holder}'`,
  );

const onDump = (change: (file: string) => void) => async (step: Step, at: Scene) => {
  const file = step.begins === older ? at.paths.forensic : at.paths.older;
  const [original, evidence] = [readFileSync(file), readFileSync(`${file}.json`)];
  change(file);
  const ended = await programs.start(at.url, at.args).ended;
  writeFileSync(file, original);
  writeFileSync(`${file}.json`, evidence);
  return ended;
};

/** What is done to a step. Returns how it ended. */
const faults: Record<string, (step: Step, at: Scene) => Promise<{ code: number | null; errors: string[] }>> = {
  "the server killed and started again": (step, at) => halfway(step, at, () => postgresql.restart()),
  "its connections cut": (step, at) => halfway(step, at, () => cut(at)),
  "its process killed": (step, at) =>
    halfway(step, at, async ({ child, ended }) => {
      child.kill("SIGKILL");
      await ended;
    }),
  "the dump truncated": onDump((file) => truncateSync(file, 1000)),
  "a byte of the dump changed": onDump((file) => {
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(500) ^ 1, 500);
    writeFileSync(file, bytes);
  }),
  "a dump of another major version": onDump((file) => {
    const bytes = readFileSync(file);
    // `PGDMP`, then the archive's version in three bytes.
    bytes.writeUInt8(99, 6);
    writeFileSync(file, bytes);
    const evidence = JSON.parse(readFileSync(`${file}.json`, "utf8"));
    writeFileSync(`${file}.json`, JSON.stringify({ ...evidence, sha256: createHash("sha256").update(bytes).digest("hex") }));
  }),
  "the disk of the backups full": async (_, at) => {
    const release = programs.hold("pg_dump");
    const run = programs.start(at.url, at.args);
    // Room was there when the step began.
    await programs.held(run);
    const filler = fill(at.disks.backups);
    release();
    const outcome = await run.ended;
    rmSync(filler);
    return outcome;
  },
  "the disk of the server full": async (_, at) => {
    // Whoever connects first to a new database writes into it.
    await at.state();
    const filler = fill(at.disks.data);
    const ended = await programs.start(at.url, at.args).ended;
    rmSync(filler);
    return ended;
  },
};

/** Takes all of a disk. Returns the file that does. */
function fill(disk: string): string {
  const { bavail, bsize } = statfsSync(disk);
  const filler = join(disk, "filler");
  writeFileSync(filler, Buffer.alloc(bavail * bsize));
  return filler;
}

/** Steps that finish in spite of it; the others are refused, with the database as it was. A process that is killed does neither. */
const unharmed: Record<keyof typeof faults, string[]> = {
  "the server killed and started again": ["assess", "backup", "verify", "loss"],
  "its connections cut": ["assess", "backup", "verify", "loss"],
  "its process killed": [],
  "the dump truncated": ["backup", "check", "repair"],
  "a byte of the dump changed": ["backup", "check", "repair"],
  "a dump of another major version": ["backup", "check", "repair"],
  "the disk of the backups full": ["assess", "verify", "restore", "check", "repair", "loss", "recover"],
  "the disk of the server full": ["assess", "check", "repair"],
};

describe.each(Object.keys(steps))("B4, B5: %s, with", (name) => {
  test.each(Object.keys(faults))("%s", async (fault) => {
    const step = steps[name] as Step;
    const at = await scene(step);
    const finishes = unharmed[fault]?.includes(name);
    const ended = await faults[fault]?.(step, at);
    expect(ended?.code).toBe(finishes ? 0 : fault === "its process killed" ? null : 1);
    expect(await at.state()).toEqual(finishes ? step.done : step.begins);
    if (ended?.code === 1) {
      expect(ended.errors.filter((line) => !line.startsWith("database: "))).toEqual([]);
      expect(ended.errors.at(-1)).toMatch(/^database: (nothing was changed|the database shop\d+ is as it was)$/);
    }
    expect(await programs.start(at.url, at.args).ended).toEqual({ code: 0, errors: [] });
    expect(await at.state()).toEqual(step.done);
    expect(await at.leftovers()).toEqual([]);
  });
});
