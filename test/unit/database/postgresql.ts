import { spawn } from "node:child_process";
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
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL on a unix socket in a folder of its own, up within about two seconds. It asks nobody for a password but a role
 * `guarded`, where a test makes one.
 */
export async function startPostgresql(): Promise<Postgresql> {
  const folder = mkdtempSync(join(tmpdir(), "postgresql-"));
  const data = join(folder, "data");
  const bin = join(storesDir, postgresqlFolder(), "bin");
  const env = programEnvironment();
  const start = (program: string, ...args: string[]): [string, string[]] => {
    const [command = "", ...rest] = [...asNobody, join(bin, program), ...args];
    return [command, rest];
  };
  const share = join(storesDir, "usr/share/postgresql", postgresqlFolder().split("/").at(-1) ?? "");
  const [initdb, args] = start(
    "initdb",
    "-D",
    data,
    "-L",
    share,
    "--username=app",
    "--auth=trust",
    "--no-sync",
    "--locale=C",
    "--encoding=UTF8",
  );
  await execa(initdb, args, { env, extendEnv: false });
  const rules = join(data, "pg_hba.conf");
  writeFileSync(rules, `local all guarded scram-sha-256\n${readFileSync(rules, "utf8")}`);
  const quick = ["fsync=off", "listen_addresses=", `unix_socket_directories=${folder}`, "timezone=UTC"].flatMap((option) => ["-c", option]);
  const server = spawn(...start("postgres", "-D", data, ...quick), { env, stdio: "ignore" });
  const url = (database: string) => `postgres://app@localhost/${database}?host=${encodeURIComponent(folder)}`;
  while (!(await answers(url("postgres")))) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}`);
    await sleep(20);
  }
  return {
    async create(database) {
      await query(url("postgres"), `CREATE DATABASE "${database}"`);
      return url(database);
    },
    async stop() {
      server.kill("SIGINT");
      await once(server, "exit");
      rmSync(folder, { recursive: true });
    },
  };
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
