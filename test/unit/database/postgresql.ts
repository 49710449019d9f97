import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Client } from "pg";
import { postgresqlFolder, storesDir } from "../../../tools/setup/parts/stores.ts";

/** PostgreSQL refuses to run as root: inside a user namespace, root is nobody. */
const asNobody = process.getuid?.() === 0 ? ["unshare", "--map-user=65534", "--map-group=65534"] : [];

const libraries = join(storesDir, "usr/lib", process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu");

/** What PostgreSQL's programs need in their environment. */
export const programEnvironment = (): { PATH: string; LD_LIBRARY_PATH: string } => ({
  PATH: `${join(storesDir, postgresqlFolder(), "bin")}:${process.env.PATH}`,
  LD_LIBRARY_PATH: libraries,
});

export interface Postgresql {
  /** Makes an empty database. Returns its address. */
  create(database: string): Promise<string>;
  /** A replica of a name, which follows it. */
  replica(name: string): Promise<{ url(database: string): string; stop(): Promise<void> }>;
  /** Ends it at once, as a lost machine does, and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL on a unix socket in a folder of its own, up within about two seconds. It asks nobody for a password but a role
 * `guarded`, where a test makes one.
 */
export async function startPostgresql(settings: Record<string, string> = {}): Promise<Postgresql> {
  const folder = mkdtempSync(join(tmpdir(), "postgresql-"));
  const data = join(folder, "data");
  const share = join(storesDir, "usr/share/postgresql", postgresqlFolder().split("/").at(-1) ?? "");
  const quick = ["--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8"];
  await run("initdb", "-D", data, "-L", share, "--username=app", ...quick);
  const rules = join(data, "pg_hba.conf");
  writeFileSync(rules, `local all guarded scram-sha-256\n${readFileSync(rules, "utf8")}`);
  let server = await serve(folder, data, settings);
  return {
    async create(database) {
      await query(address(folder)("postgres"), `CREATE DATABASE "${database}"`);
      return address(folder)(database);
    },
    async replica(name) {
      const own = mkdtempSync(join(tmpdir(), "postgresql-"));
      const copy = join(own, "data");
      const primary = `host=${folder} user=app application_name=${name}`;
      await run("pg_basebackup", "-D", copy, "--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--dbname", primary);
      const follower = await serve(own, copy, settings);
      const follows = `SELECT FROM pg_stat_replication WHERE application_name = '${name}' AND state = 'streaming' AND replay_lsn IS NOT NULL`;
      while ((await query(address(folder)("postgres"), follows)).length === 0) await sleep(20);
      return { url: address(own), stop: () => end(follower, own) };
    },
    async restart() {
      await kill(server, "SIGQUIT");
      server = await serve(folder, data, settings);
    },
    stop: () => end(server, folder),
  };
}

const address = (folder: string) => (database: string) => `postgres://app@localhost/${database}?host=${encodeURIComponent(folder)}`;

function command(program: string, ...args: string[]): [string, string[]] {
  const [first = "", ...rest] = [...asNobody, join(storesDir, postgresqlFolder(), "bin", program), ...args];
  return [first, rest];
}

const run = (program: string, ...args: string[]) => execa(...command(program, ...args), { env: programEnvironment(), extendEnv: false });

/** Starts a server on a data folder, and waits until it answers. */
async function serve(folder: string, data: string, settings: Record<string, string>): Promise<ChildProcess> {
  const always = { fsync: "off", listen_addresses: "", unix_socket_directories: folder, timezone: "UTC" };
  const options = Object.entries({ ...always, ...settings }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = spawn(...command("postgres", "-D", data, ...options), { env: programEnvironment(), stdio: "ignore" });
  while (!(await answers(address(folder)("postgres")))) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}`);
    await sleep(20);
  }
  return server;
}

async function kill(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  server.kill(signal);
  await once(server, "exit");
}

async function end(server: ChildProcess, folder: string): Promise<void> {
  await kill(server, "SIGINT");
  rmSync(folder, { recursive: true });
}

/** The rows that a statement answers. */
export async function query(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const answers = (url: string): Promise<boolean> =>
  query(url, "SELECT 1").then(
    () => true,
    () => false,
  );
