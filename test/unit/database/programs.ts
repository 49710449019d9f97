import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { programEnvironment } from "./postgresql.ts";

/** A step as a Job runs it: a process of its own. */
export interface Run {
  child: ChildProcess;
  ended: Promise<{ code: number | null; errors: string[] }>;
}

/**
 * PostgreSQL's programs, which a test can hold before they begin, and bundled steps that run with them.
 * @param folder that is the test's own.
 */
export class Programs {
  readonly #folder: string;
  readonly #bin: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#bin = join(folder, "bin");
    mkdirSync(this.#bin);
    const [bin = ""] = programEnvironment().PATH.split(":");
    for (const program of ["pg_dump", "pg_restore"]) {
      // Reading a table of contents is another program for whoever waits for a restore.
      const lines = [
        "#!/bin/sh",
        `program=${program}`,
        `case "$*" in *--list*) program=pg_restore_list;; esac`,
        `if [ -e ${folder}/hold-$program ]; then touch ${folder}/held; while [ -e ${folder}/hold-$program ]; do sleep 0.02; done; fi`,
        `exec ${bin}/${program} "$@"`,
      ];
      writeFileSync(join(this.#bin, program), `${lines.join("\n")}\n`);
      chmodSync(join(this.#bin, program), 0o755);
    }
  }

  /** Holds a program from now on. Returns what lets it go on. */
  hold(program: string): () => void {
    const file = join(this.#folder, `hold-${program}`);
    writeFileSync(file, "");
    return () => rmSync(file, { force: true });
  }

  /** Waits until a program of the run's is held, or the run is over. */
  async held({ child }: Run): Promise<void> {
    const file = join(this.#folder, "held");
    while (!existsSync(file) && child.exitCode === null) await sleep(10);
    rmSync(file, { force: true });
  }

  start(url: string, args: readonly string[]): Run {
    const { PATH, LD_LIBRARY_PATH } = programEnvironment();
    const env = { PATH: `${this.#bin}:${PATH}`, LD_LIBRARY_PATH, DATABASE_URL: url };
    const child = spawn(process.execPath, [join(this.#folder, "database.mjs"), ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    const ended = once(child, "close").then(() => ({ code: child.exitCode, errors: errors.trim().split("\n").filter(Boolean) }));
    return { child, ended };
  }
}
