import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Client } from "pg";
import { DatabaseError } from "./errors.ts";

export interface Target {
  /** `postgres://user@host:port/database`, without a password. */
  url: string;
  /** Holds it. */
  passwordFile?: string | undefined;
}

/** Of an address behind which nobody answers. */
const connectionTimeoutMillis = 15_000;

const passwords = "pgpass";

/** The words of node-postgres. */
const notQueryable = "Client has encountered a connection error and is not queryable";

/** A database, asked by SQL and by PostgreSQL's own programs. Its password is in no argument and in no environment. */
export class Server {
  readonly database: string;
  readonly #url: URL;
  readonly #password: string | undefined;
  #folder: string | undefined;

  /** @throws DatabaseError for an address that no program could be given. */
  constructor({ url, passwordFile }: Target) {
    const parsed = URL.parse(url);
    if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) throw new DatabaseError("DATABASE_URL: not a postgres:// URL");
    if (parsed.password !== "") {
      throw new DatabaseError(
        "DATABASE_URL: has a password, which programs would show; put it into a file and name that in DATABASE_PASSWORD_FILE",
      );
    }
    this.#url = parsed;
    this.database = decodeURIComponent(parsed.pathname.slice(1));
    this.#password = passwordFile === undefined ? undefined : readFileSync(passwordFile, "utf8").trim();
  }

  /** `host:port/name`, by which it is told from others. */
  get identity(): string {
    const { hostname, port } = this.#url;
    return `${hostname}:${port || 5432}/${this.database}`;
  }

  /** A database beside it, for what cannot be done with a connection to the database itself. */
  get maintenance(): string {
    return this.database === "postgres" ? "template1" : "postgres";
  }

  /** PostgreSQL's, `15.20`. */
  version(): Promise<string> {
    return this.session(this.maintenance, async (client) => {
      const { rows } = await client.query<{ version: string }>("SELECT split_part(current_setting('server_version'), ' ', 1) AS version");
      return String(rows[0]?.version);
    });
  }

  /** The file from which PostgreSQL's programs take the password. */
  #passwords(): string {
    if (this.#folder !== undefined) return join(this.#folder, passwords);
    this.#folder = mkdtempSync(join(tmpdir(), "database-"));
    const file = join(this.#folder, passwords);
    const escaped = (this.#password ?? "").replaceAll(/[\\:]/g, (character) => `\\${character}`);
    writeFileSync(file, `*:*:*:*:${escaped}\n`);
    chmodSync(file, 0o600);
    return file;
  }

  #address(database: string): string {
    const url = new URL(this.#url);
    url.pathname = `/${encodeURIComponent(database)}`;
    return url.href;
  }

  /** Work with a connection to one of the server's databases, which is closed after it. */
  async session<T>(database: string, work: (client: Client) => Promise<T>): Promise<T> {
    const url = new URL(this.#address(database));
    // pg lets nothing beside the address have a say, not even where the address has no password.
    if (this.#password !== undefined) url.password = encodeURIComponent(this.#password);
    const client = new Client({ connectionString: url.href, connectionTimeoutMillis });
    let lost: Error | undefined;
    client.on("error", (error) => {
      lost ??= error;
    });
    await client.connect();
    try {
      return await work(client);
    } catch (error) {
      // What is asked after it is told that there was an error, not which.
      if (lost && error instanceof Error) error.message = error.message.replace(notQueryable, `the connection was lost: ${lost.message}`);
      throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /**
   * Runs `pg_dump`, `pg_restore` or the like, on one of the server's databases where one is named.
   * @param file takes what it prints, through a pipe: from its beginning to its end.
   * @returns what it printed where no file takes that.
   * @throws DatabaseError with its last words.
   */
  async run(program: string, args: readonly string[], database?: string, file?: string): Promise<string> {
    const env = { PATH: process.env.PATH, LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH, PGPASSFILE: this.#passwords() };
    const address = database === undefined ? [] : [`--dbname=${this.#address(database)}`];
    const { failed, stdout, stderr, shortMessage } = await execa(program, [...args, ...address], {
      env,
      extendEnv: false,
      stdin: "ignore",
      stdout: file === undefined ? "pipe" : { file },
      buffer: { stdout: file === undefined },
      reject: false,
    });
    if (!failed) return stdout ?? "";
    throw new DatabaseError(`${program}: ${stderr.trim() === "" ? shortMessage : stderr.trim().split("\n").slice(-5).join("; ")}`);
  }

  /** Forgets the password. */
  close(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}
