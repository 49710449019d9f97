/** What the steps on the database took, of the run that a level made. */

import { runAnnotation, stepLabel } from "../components/database/ran.ts";
import type { Evidence } from "../operations/database/evidence.ts";
import type { LevelContext } from "./level.ts";
import { readRelease } from "./release.ts";

export interface DatabaseSteps {
  /** Of the database, once the steps were over. */
  bytes: number;
  /** In order, from the start of a step's pod to its end. */
  steps: { step: string; seconds: number }[];
  /** Of the backup: the dump, and its trial restore. */
  backup: Evidence["seconds"] | undefined;
}

export async function stepsTaken({ kube, data, pulumi }: Pick<LevelContext, "kube" | "data" | "pulumi">): Promise<DatabaseSteps | null> {
  if (data === null) return null;
  // Not those that a person takes.
  const jobs = (await kube.jobs(stepLabel)).filter(({ metadata }) => metadata?.annotations?.[runAnnotation] !== undefined);
  const steps = jobs.flatMap(({ metadata, status: { startTime, completionTime } = {} }) =>
    startTime && completionTime
      ? [{ step: metadata?.labels?.[stepLabel] ?? "", startTime, seconds: (completionTime.getTime() - startTime.getTime()) / 1000 }]
      : [],
  );
  steps.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  const [bytes] = await data.database.ask("SELECT pg_database_size(current_database())");
  const { database } = await readRelease(pulumi);
  const backup = (database?.evidence?.backup as Evidence | undefined)?.seconds;
  return { bytes: Number(bytes), steps: steps.map(({ step, seconds }) => ({ step, seconds })), backup };
}

/** "assess 1 s, backup 41 s (dump 17.1 s, trial restore 22.8 s), change 30 s, verify 2 s, on a database of 1.03 GiB". */
export function stepsLine({ bytes, steps, backup }: DatabaseSteps): string {
  const took = steps.map(({ step, seconds }) => {
    const parts = step === "backup" && backup ? ` (dump ${backup.dump.toFixed(1)} s, trial restore ${backup.restore.toFixed(1)} s)` : "";
    return `${step} ${seconds} s${parts}`;
  });
  const size = bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(0)} MiB` : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  return `Steps on the database of ${size}: ${took.join(", ")}.`;
}
