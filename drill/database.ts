/** The system's own database in a drill: its lever, its newest revision, and the rows that clients were told of. */

import { randomBytes } from "node:crypto";
import { type Step, stepJob } from "../cli/data/job.ts";
import type { DatabaseLever } from "../components/database/container.ts";
import type { Database, Plan } from "../components/plan/plan.ts";
import { historyScript } from "../demo/database/history.ts";
import { migrationJob } from "../demo/database/manifests.ts";
import type { System } from "../demo/database/migrations/index.ts";
import { savedIn } from "../demo/database/savedIn.ts";
import { backups, postgresql, redis, storeSecret } from "../demo/stores/manifests.ts";
import type { Cluster } from "../tools/cluster/types.ts";
import type { Ask } from "./integrity.ts";
import type { Kube } from "./kube.ts";
import type { Ground } from "./outcome.ts";
import type { Lookup } from "./savedRows.ts";
import { applyStores, forgetBackups } from "./stores.ts";

export interface DrillDatabase {
  /** For the stack's config. */
  levers: { database: DatabaseLever; cache?: Record<string, unknown> };
  /** The one that clients are told the rows of. */
  table: string;
  lookup: Lookup;
  ask: Ask;
  /** Takes a step as a person does, in a Job of its own; what it found. */
  take: (name: Step["name"], ...args: string[]) => Promise<unknown>;
  /** Ids of the table's rows that a database has and the one in use has not. */
  lostSince: (before: string) => Promise<string[]>;
}

type WithDatabase = Plan & { database: Database };

/** A drill sets the stores up on the project's own node only: elsewhere its service saves nothing, as without a database. */
export const hasDatabaseOn = (ground: Ground, plan: Plan): plan is WithDatabase => ground === "node" && plan.database !== undefined;

export interface Fill {
  /** Bytes that the database is filled to; undefined: it begins empty. */
  size: number | undefined;
  report: (line: string) => void;
}

/**
 * The stores, with a database of this drill's own, at the newest of the plan's revisions by the plan's own command in the image that the
 * drill begins with: what an earlier drill wrote, put aside or backed up is gone.
 */
export async function openDatabase(
  kube: Kube,
  cluster: Cluster,
  { database: plan, cache }: Pick<WithDatabase, "database"> & Partial<Plan>,
  image: string,
  fill?: Fill,
): Promise<DrillDatabase> {
  const { images } = await applyStores(kube, cluster);
  const { name, port, user, database } = postgresql;
  const secretKey = (key: string) => ({ name: storeSecret.name, key });
  const url = `postgresql://${user}@${name}:${port}/${database}`;
  const passwordSecret = secretKey(storeSecret.keys.postgresql);
  const revision = plan.revisions.at(-1)?.name ?? "";
  const psql = async (script: string, on: string = database): Promise<string[]> => {
    const printed = await kube.exec(`${name}-0`, name, [...psqlCommand, on], script);
    return printed.split("\n").filter((line) => line !== "");
  };
  await psql(anewScript(database), "postgres");
  await forgetBackups(kube, cluster);
  const { namespace } = kube;
  const timeoutMs = plan.timeoutSeconds * 1000;
  await kube.runJob(migrationJob({ namespace, image, url, passwordSecret, plan, revision }), timeoutMs);
  const system = plan.settings.DATABASE_TABLES as System;
  if (fill?.size !== undefined) {
    fill.report(`filling ${database} to ${fill.size / 2 ** 20} MiB`);
    await psql(historyScript(system, fill.size));
  }
  const table = savedIn[system];
  const lever = { revision, image: images.postgresql, url, passwordSecret, backups };
  return {
    levers: {
      database: lever,
      ...(cache && { cache: { url: `redis://${redis.name}:${redis.port}/0`, passwordSecret: secretKey(storeSecret.keys.redis) } }),
    },
    table,
    lookup: (ids) => psql(lookupScript(table, ids)),
    ask: (sql) => psql(queryScript(sql)),
    take: async (step, ...args) => {
      const job = stepJob(
        { stack: { name: namespace, plan: { system, service: { name: namespace } } }, definition: plan, lever },
        { name: step, args },
        `drill-${step}-${randomBytes(4).toString("hex")}`,
      );
      const printed = await kube.runJob(
        { apiVersion: "batch/v1", kind: "Job", ...job, metadata: { ...job.metadata, namespace } },
        timeoutMs,
      );
      return JSON.parse(printed.trim().split("\n").at(-1) ?? "");
    },
    lostSince: (before) => psql(lostScript(table, [...psqlCommand, before])),
  };
}

/** So that psql prints nothing but the rows, and fails with the first statement that does. */
export const psqlOptions = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"];

/** In the pod of the server's. */
const psqlCommand = ["psql", ...psqlOptions, "--host=/tmp", `--username=${postgresql.user}`];

/** For psql's input: an empty database in place of one and of whatever was put aside for it. */
export function anewScript(database: string): string {
  return [
    `SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database WHERE datname = '${database}' OR starts_with(datname, '${database}_') \\gexec`,
    `CREATE DATABASE "${database}";`,
    "\\q",
    "",
  ].join("\n");
}

/**
 * For psql's input: prints the ids that the table has in another database, and not in this one.
 * @param psql the command that connects to the other one from where this psql runs.
 */
export function lostScript(table: string, psql: readonly string[]): string {
  const ids = `COPY (SELECT id FROM \\"${table}\\") TO STDOUT`;
  return [
    "CREATE TEMPORARY TABLE earlier (id text);",
    `\\copy earlier FROM PROGRAM '${psql.join(" ")} "--command=${ids}"'`,
    "ANALYZE earlier;",
    // A join, which goes to the disk: EXCEPT keeps all ids of a large table in memory, and the server is killed for it.
    `SELECT id FROM earlier WHERE NOT EXISTS (SELECT FROM "${table}" AS saved WHERE saved.id::text = earlier.id);`,
    "\\q",
    "",
  ].join("\n");
}

/** For psql's input: prints those of the ids that a row of the table has. */
export function lookupScript(table: string, ids: readonly string[]): string {
  return [
    "CREATE TEMPORARY TABLE told (id text);",
    "COPY told FROM STDIN;",
    ...ids.map(copied),
    "\\.",
    `SELECT saved.id FROM "${table}" AS saved WHERE saved.id::text IN (SELECT id FROM told);`,
    "\\q",
    "",
  ].join("\n");
}

/**
 * For psql's input: prints the rows that a statement answers, in a transaction that can change nothing. So many at a time: all the rows of
 * a large table at once are more than the pod's memory.
 */
export function queryScript(sql: string): string {
  return ["\\set FETCH_COUNT 10000", "BEGIN READ ONLY;", `${sql.trim().replace(/;$/, "")};`, "\\q", ""].join("\n");
}

const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A value of PostgreSQL's text format. */
const copied = (id: string): string => id.replaceAll(/[\\\n\r\t]/g, (character) => escapes[character] ?? character);
