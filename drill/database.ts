/** The system's own database in a drill: its lever, its newest revision, and the rows that clients were told of. */

import type { Database, Plan } from "../components/plan/plan.ts";
import { migrationJob } from "../demo/database/manifests.ts";
import type { System } from "../demo/database/migrations/index.ts";
import { savedIn } from "../demo/database/savedIn.ts";
import { backups, postgresql, redis, storeSecret } from "../demo/stores/manifests.ts";
import type { Cluster } from "../tools/cluster/types.ts";
import type { Ask } from "./integrity.ts";
import type { Kube } from "./kube.ts";
import type { Ground } from "./outcome.ts";
import type { Lookup } from "./savedRows.ts";
import { applyStores } from "./stores.ts";

export interface DrillDatabase {
  /** For the stack's config. */
  levers: { database: Record<string, unknown>; cache?: Record<string, unknown> };
  lookup: Lookup;
  ask: Ask;
}

type WithDatabase = Plan & { database: Database };

/** A drill sets the stores up on the project's own node only: elsewhere its service saves nothing, as without a database. */
export const hasDatabaseOn = (ground: Ground, plan: Plan): plan is WithDatabase => ground === "node" && plan.database !== undefined;

/** The stores, with the database at the newest of the plan's revisions, by the plan's own command in the image that the drill begins with. */
export async function openDatabase(
  kube: Kube,
  cluster: Cluster,
  { database: plan, cache }: Pick<WithDatabase, "database"> & Partial<Plan>,
  image: string,
): Promise<DrillDatabase> {
  const { images } = await applyStores(kube, cluster);
  const { name, port, user, database } = postgresql;
  const secretKey = (key: string) => ({ name: storeSecret.name, key });
  const url = `postgresql://${user}@${name}:${port}/${database}`;
  const passwordSecret = secretKey(storeSecret.keys.postgresql);
  const revision = plan.revisions.at(-1)?.name ?? "";
  await kube.runJob(migrationJob({ namespace: kube.namespace, image, url, passwordSecret, plan, revision }), plan.timeoutSeconds * 1000);
  const table = savedIn[plan.settings.DATABASE_TABLES as System];
  const psql = ["psql", ...psqlOptions, "--host=/tmp", `--username=${user}`, database];
  const run = async (script: string) => (await kube.exec(`${name}-0`, name, psql, script)).split("\n").filter((line) => line !== "");
  return {
    levers: {
      database: { revision, image: images.postgresql, url, passwordSecret, backups },
      ...(cache && { cache: { url: `redis://${redis.name}:${redis.port}/0`, passwordSecret: secretKey(storeSecret.keys.redis) } }),
    },
    lookup: (ids) => run(lookupScript(table, ids)),
    ask: (sql) => run(queryScript(sql)),
  };
}

/** So that psql prints nothing but the rows, and fails with the first statement that does. */
export const psqlOptions = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"];

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

/** For psql's input: prints the rows that a statement answers, in a transaction that can change nothing. */
export function queryScript(sql: string): string {
  return ["BEGIN READ ONLY;", `${sql.trim().replace(/;$/, "")};`, "\\q", ""].join("\n");
}

const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A value of PostgreSQL's text format. */
const copied = (id: string): string => id.replaceAll(/[\\\n\r\t]/g, (character) => escapes[character] ?? character);
