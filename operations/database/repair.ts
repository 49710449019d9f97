import { execa } from "execa";
import type { Client } from "pg";
import { plural } from "../../components/plan/words.ts";
import { ask, oneStatement } from "./ask.ts";
import { judge, reading } from "./check.ts";
import { type Checks, readChecks } from "./checks.ts";
import { DatabaseError } from "./errors.ts";
import { alone } from "./lock.ts";
import type { Server } from "./server.ts";
import type { Say } from "./steps.ts";
import { transaction } from "./transaction.ts";

type Repair = Checks["repairs"][string];
type Statement = Extract<Repair, { sql: string }>;
type Script = Exclude<Repair, Statement>;

export interface Repaired {
  /** Whether it was done, or only tried. */
  confirmed: boolean;
  /** Rows, by the repair's name; not of scripts, which tell themselves what they do. */
  changed: Record<string, number>;
}

/** A row that somebody else keeps locked is told, not waited for. */
const lockTimeout = "10s";

/**
 * Puts data right with a plan's repairs (row C5): several at once where each alone leaves something that another one mends. Statements are
 * one transaction, which is kept only where it is confirmed and their checks answer as expected in it; scripts are asked by the command
 * of their own that changes nothing, until confirmed.
 * @throws DatabaseError where a repair fails or does not do what its check expects; then no statement has changed anything.
 */
export async function repair(server: Server, file: string, names: string[], confirmed: boolean, say: Say): Promise<Repaired> {
  const checks = readChecks(file);
  const chosen = choose(checks, names);
  return alone(server, async () => {
    const statements = chosen.filter((entry): entry is [string, Statement] => "sql" in entry[1]);
    const changed =
      statements.length === 0
        ? {}
        : await server.session(server.database, (client) => change(client, checks, statements, { confirmed, say }));
    for (const [name, script] of chosen) {
      if (!("sql" in script)) await runScript(server, checks, [name, script], { confirmed, say });
    }
    if (!confirmed) say("Nothing was changed: with --confirm it is done");
    return { confirmed, changed };
  });
}

interface How {
  confirmed: boolean;
  say: Say;
}

function choose({ queries, repairs }: Checks, names: string[]): [string, Repair][] {
  const problems: string[] = [];
  const chosen = names.flatMap((name): [string, Repair][] => {
    const found = Object.hasOwn(repairs, name) ? repairs[name] : undefined;
    if (!found) problems.push(`there is no repair "${name}"; expected one of ${Object.keys(repairs).join(", ") || "none at all"}`);
    else if (queries[found.provenBy]?.expect === undefined) {
      problems.push(`${name}: "${found.provenBy}", which is to prove it, is no query that expects a count`);
    }
    return found ? [[name, found]] : [];
  });
  if (problems.length > 0) throw new DatabaseError(problems.join("\n"));
  return chosen;
}

async function change(
  client: Client,
  checks: Checks,
  statements: [string, Statement][],
  { confirmed, say }: How,
): Promise<Record<string, number>> {
  return transaction(client, confirmed, async () => {
    const changed: Record<string, number> = {};
    await client.query(`SET LOCAL lock_timeout = '${lockTimeout}'`);
    for (const [name, { sql }] of statements) {
      // One statement, or a COMMIT in it would end the transaction.
      const { rowCount, command } = await client.query(oneStatement(sql)).catch((error: Error) => {
        error.message = `${name}: ${error.message}`;
        throw error;
      });
      if (!/^(INSERT|UPDATE|DELETE|MERGE)$/.test(command)) {
        throw new DatabaseError(`${name}: a repair is an INSERT, UPDATE, DELETE or MERGE, not ${command}`);
      }
      changed[name] = rowCount ?? 0;
      say(`${name}: ${confirmed ? "changed" : "would change"} ${plural(changed[name], "row")}`);
    }
    await prove(client, checks, statements, say);
    return changed;
  });
}

async function runScript(server: Server, checks: Checks, [name, script]: [string, Script], { confirmed, say }: How): Promise<void> {
  const command = confirmed ? script.command : script.dryRun;
  const run = execa(command, { shell: true, stdin: "ignore", all: true, reject: false });
  for await (const line of run.iterable({ from: "all" })) say(`${name}: ${line}`);
  const { failed, exitCode } = await run;
  if (failed) {
    throw new DatabaseError(`${name}: \`${command}\` ended with ${exitCode ?? "a signal"}`, "what it did until then it alone knows");
  }
  if (!confirmed) return;
  await server
    .session(server.database, (client) => reading(client, () => prove(client, checks, [[name, script]], say)))
    .catch((error: Error) => {
      throw new DatabaseError(error.message, `what ${name} changed stays`);
    });
}

/** @throws DatabaseError with every check that, after the repairs, is not answered as expected. */
async function prove(client: Client, { queries, repairs }: Checks, done: [string, Repair][], say: Say): Promise<void> {
  const problems: string[] = [];
  for (const name of new Set(done.map(([, { provenBy }]) => provenBy))) {
    const query = queries[name];
    if (!query) continue;
    const result = judge(query, await ask(client, query.sql));
    if (typeof result !== "string") {
      say(`${name}: ${query.expect} after it, as expected`);
      continue;
    }
    const others = Object.keys(repairs).filter((other) => repairs[other]?.provenBy === name && !done.some(([own]) => own === other));
    const hint = others.length > 0 ? `; together with it may help: ${others.join(", ")}` : "";
    problems.push(`after it, ${name} (${query.title}) ${result}${hint}`);
  }
  if (problems.length > 0) throw new DatabaseError(problems.join("\n"));
}
