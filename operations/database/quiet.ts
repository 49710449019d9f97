import { setTimeout as sleep } from "node:timers/promises";
import { releaseLabel } from "../../components/motion.ts";
import type { PodReader } from "../../probes/context.ts";
import { DatabaseError } from "./errors.ts";
import { isRunning, namesOf } from "./pods.ts";

export interface QuietArgs {
  pods: PodReader;
  /** Value of the pods' `app` label. */
  app: string;
  /** The releases that may go on writing: those that know the revision which is gone to. None where nothing may. */
  releases: readonly string[];
  say: (line: string) => void;
  intervalMs?: number;
}

/**
 * Waits until no pod of another release is left: what still runs would write what the change takes away.
 * @throws DatabaseError for pods that are not ending, which no waiting helps.
 */
export async function quiet({ pods, app, releases, say, intervalMs = 500 }: QuietArgs): Promise<{ releases: readonly string[] }> {
  let told = "";
  for (;;) {
    const found = await pods.pods(`app=${app},${releaseLabel}`);
    const left = found.filter((pod) => isRunning(pod) && !releases.includes(pod.metadata?.labels?.[releaseLabel] ?? ""));
    const staying = left.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    if (staying.length > 0) throw new DatabaseError(`${namesOf(staying)} would go on writing; nothing was changed. ${advice(releases)}`);
    if (left.length === 0) return { releases };
    if (namesOf(left) !== told) say(`waiting for the end of ${namesOf(left)}`);
    told = namesOf(left);
    await sleep(intervalMs);
  }
}

const advice = (releases: readonly string[]): string =>
  releases.length === 0
    ? "Maintenance has to be on in an update before the one that restores\n    mend it with: pulumi config rm --path database.restore && pulumi up, then set it again"
    : "Pods of another release are none that this stack knows\n    mend it with: pulumi up --refresh";
