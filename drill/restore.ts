/**
 * A level that restores a backup, under load: the backup is the one that a deployment takes, the deployment is what the level takes back,
 * and what the restore loses is counted and recovered (rows B4, B5).
 */

import { backupsFolder } from "../components/database/backups.ts";
import type { Lever } from "../components/levers/commands.ts";
import type { Level, PlanLever } from "../components/plan/plan.ts";
import type { Evidence } from "../operations/database/evidence.ts";
import type { Loss } from "../operations/database/loss.ts";
import type { Recovery } from "../operations/database/recover.ts";
import type { Restored } from "../operations/database/restore.ts";
import type { Pulumi } from "../pulumi/pulumi.ts";
import type { LevelContext } from "./level.ts";
import { readRelease } from "./release.ts";
import { type Backup, problemsOf, type Restoration } from "./restoration.ts";

const restorePath = "database.restore";
const pulled = ({ steps }: Level): PlanLever[] => steps.flatMap(({ levers }) => levers);

export const restoresBackup = (level: Level): boolean => pulled(level).some(({ path }) => path === restorePath);

/** What a deployment changed that the level takes back: the release and the revision. */
export const deployed = (level: Level): PlanLever[] => pulled(level).filter(({ path }) => path !== restorePath && path !== "maintenance");

/** The level with the backup that somebody would choose, in place of the plan's example. */
export const choosing = (level: Level, { file }: Backup): Level => ({
  ...level,
  steps: level.steps.map((step) => ({
    ...step,
    levers: step.levers.map((lever) => ("value" in lever && lever.path === restorePath ? { ...lever, value: file } : lever)),
  })),
});

/** What the newest run of the steps on the database found. */
async function evidence(pulumi: Pulumi): Promise<{ backup?: Evidence; restore?: Restored }> {
  return (await readRelease(pulumi)).database?.evidence ?? {};
}

/** The backup that the newest change of the database began with. */
export async function newestBackup(pulumi: Pulumi): Promise<Backup> {
  const { backup } = await evidence(pulumi);
  if (!backup) throw new Error("the deployment took no backup that could be restored");
  return backup;
}

/** Counts what a restore lost, while nothing is in flight. */
export async function countLoss(backup: Backup, { data, pulumi }: Pick<LevelContext, "data" | "pulumi">): Promise<Restoration> {
  const { backup: forensic, restore } = await evidence(pulumi);
  if (!data || !forensic || restore?.file !== backup.file || restore.before === undefined)
    throw new Error(`${backup.file} was not restored`);
  const { database, rows } = data;
  const loss = (await database.take("loss", `${backupsFolder}/${forensic.file}`)) as Loss;
  const there = await rows.look();
  const lost = new Set(await database.lostSince(restore.before));
  const { told } = rows;
  const { table } = database;
  return {
    backup,
    forensic,
    window: loss.window,
    told: told.length,
    lost: told.filter(({ id }) => !there.has(id)).length,
    table,
    lostOfTable: lost.size,
    recovered: 0,
    problems: problemsOf({ told, there, lost, table }, backup, loss),
  };
}

/** Brings back what was lost, tried first, as an operator does. */
export async function recoverLoss(restoration: Restoration, { data }: Pick<LevelContext, "data">): Promise<void> {
  if (!data) return;
  const { forensic, table, lostOfTable, problems } = restoration;
  const { database } = data;
  const file = `${backupsFolder}/${forensic.file}`;
  const [tried, done] = [await database.take("recover", file), await database.take("recover", file, "--confirm")] as Recovery[];
  const of = (recovery: Recovery | undefined): number => recovery?.tables[`public.${table}`]?.recovered ?? 0;
  restoration.recovered = of(done);
  if (of(tried) !== of(done))
    problems.push(`recover said that it would bring back ${of(tried)} rows of ${table}; it brought back ${of(done)}`);
  if (of(done) !== lostOfTable) problems.push(`${of(done)} of the ${lostOfTable} rows of ${table} that were lost came back`);
}

/** The levers that were before, of those that a deployment changed. */
export const deployment = (level: Level, before: readonly Lever[]): Lever[] => {
  const paths = new Set(deployed(level).map(({ path }) => path));
  return before.filter(({ path }) => paths.has(path));
};
