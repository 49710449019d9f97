import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { stepLabel } from "../../components/database/ran.ts";
import type { PodReader } from "../../probes/context.ts";
import { isRunning, namesOf } from "./pods.ts";

export interface OthersArgs {
  pods: Pick<PodReader, "pods">;
  /** Value of the pods' `app` label. */
  app: string;
  /** The pod that asks. */
  self: string;
  say: (line: string) => void;
  intervalMs?: number;
}

/**
 * Waits until no other step on the app's database runs. A killed update leaves its Job to the cluster, where it goes on; it would change
 * the database under whatever comes after it. Each ends by its own deadline.
 */
export async function others({ pods, app, self, say, intervalMs = 500 }: OthersArgs): Promise<object> {
  let told = "";
  for (;;) {
    const found = await pods.pods(`app=${app},${stepLabel}`);
    const left = found.filter((pod) => isRunning(pod) && pod.metadata?.name !== self);
    if (left.length === 0) return {};
    if (namesOf(left) !== told) say(`waiting for the end of ${namesOf(left)}; to end it: kubectl delete job ${jobsOf(left)}`);
    told = namesOf(left);
    await sleep(intervalMs);
  }
}

const jobsOf = (pods: readonly V1Pod[]): string =>
  [...new Set(pods.map(({ metadata }) => metadata?.labels?.["batch.kubernetes.io/job-name"]))].join(" ");
