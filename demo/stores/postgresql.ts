/** What PostgreSQL's container runs: makes the data folder where there is none yet, then becomes the server. */

import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, renameSync, rmSync } from "node:fs";

const { PGDATA = "", POSTGRES_USER = "", POSTGRES_DB = "", POSTGRES_PASSWORD_FILE = "", PATH = "" } = process.env;
const quiet = ["--no-sync", "--locale=C", "--encoding=UTF8"];
/** Inside the pod there is nobody else. Whoever comes from another pod has to know the password. */
const trust = ["--auth-local=trust", "--auth-host=scram-sha-256"];
const otherPods = "host all all all scram-sha-256\n";

function run(program: string, args: string[], input = ""): void {
  const { status } = spawnSync(program, args, { input, stdio: ["pipe", "inherit", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(PGDATA)) {
  // A data folder appears whole, or a pod that was ended half-way would leave one that no server starts with.
  const draft = `${PGDATA}.new`;
  rmSync(draft, { recursive: true, force: true });
  run("initdb", ["--pgdata", draft, `--username=${POSTGRES_USER}`, `--pwfile=${POSTGRES_PASSWORD_FILE}`, ...quiet, ...trust]);
  run("postgres", ["--single", "-D", draft, "postgres"], `CREATE DATABASE "${POSTGRES_DB}";\n`);
  appendFileSync(`${draft}/pg_hba.conf`, otherPods);
  renameSync(draft, PGDATA);
}
const program = PATH.split(":")
  .map((folder) => `${folder}/postgres`)
  .find(existsSync);
process.execve?.(program ?? "", ["postgres", "-D", PGDATA, ...process.argv.slice(2)]);
