/** What was typed after `npm run drill --`. */

import { parseArgs } from "node:util";

/** What is typed in place of a system for each of them. */
export const everySystem = "all";

export interface DrillOptions {
  /** A system's name, or `all`. */
  system: string;
  /** Empty: every level of the plan. */
  levels: string[];
  /** Whether the system has its database and cache beside it, whose rows are counted. */
  data: boolean;
  /** Bytes that its database is filled to before the drill; undefined: it begins empty. */
  databaseSize: number | undefined;
  /** A context of the person's own kubeconfig, instead of the project's node. */
  context: string | undefined;
  simulated: boolean;
  /** Levels that pass are noted in `stacks/drills/<system>.json`. */
  record: boolean;
  verbose: boolean;
}

export const usage = `npm run drill -- [system] [level…] [--data] [--database-size SIZE] [--record] [--context NAME] [--simulated] [--verbose]

  system        which plan under stacks/ to rehearse (default mindmend), or all
  level…        which of its levels, in this order (default all)
  --data        with its PostgreSQL and Redis: every row that a client was told of is looked for, and levels of the database are drilled too
  --database-size  with --data, and a database of this size: 100MiB, 1GiB
  --record      note the levels that pass in stacks/drills/<system>.json, to commit: the guard level-drilled and the runbooks read it
  --context     rehearse on your own cluster: the name of a context in your kubeconfig
  --simulated   Kubernetes without a node: needs no root; no pod runs and no request is sent
  --verbose     show what every command prints`;

/** What is wrong with what was typed; the message ends with the usage. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n\n${usage}`);
    this.name = "UsageError";
  }
}

/** Throws `UsageError`. */
export function parseOptions(argv: readonly string[]): DrillOptions {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.context !== undefined && values.simulated) throw new UsageError("--context and --simulated exclude each other");
  if (values.record && values.simulated)
    throw new UsageError("--record and --simulated exclude each other: no pod runs, so no rollback is rehearsed");
  const databaseSize = values["database-size"] === undefined ? undefined : bytesOf(values["database-size"]);
  const data = values.data || databaseSize !== undefined;
  if (data && (values.simulated || values.context !== undefined))
    throw new UsageError("--data is for the project's own node, where a drill sets the stores up: leave out --context and --simulated");
  const [system = "mindmend", ...levels] = positionals;
  if (system === everySystem && levels.length > 0)
    throw new UsageError("all drills every level of every system; no level can be named beside it");
  const { context, simulated, record, verbose } = values;
  return { system, levels, data, databaseSize, context, simulated, record, verbose };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      data: { type: "boolean", default: false },
      "database-size": { type: "string" },
      context: { type: "string" },
      simulated: { type: "boolean", default: false },
      record: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    },
  });
}

const units: Record<string, number> = { MiB: 2 ** 20, GiB: 2 ** 30 };

function bytesOf(size: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([MG]iB)$/.exec(size) ?? [];
  if (number === undefined) throw new UsageError(`--database-size ${size}: expected a number with MiB or GiB, for example 1GiB`);
  return Math.round(Number(number) * (units[unit] ?? 1));
}
