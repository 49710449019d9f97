import type { Kube } from "../../drill/kube.ts";
import { type Cluster, clusterStatus, startCluster, stopCluster } from "../../tools/cluster/index.ts";

/** The cluster that drills use, which a test file leaves as it found it. */
export interface SharedCluster {
  cluster: Cluster;
  /** Removes the file's namespace; the cluster with it where it did not run before. */
  leave(kube: Kube | undefined): Promise<void>;
}

export async function shareCluster(): Promise<SharedCluster> {
  // `npm run incident` is alone by itself.
  if (process.env.VITEST !== undefined && process.env.ROLLBACK_STACKS_SHARED_CLUSTER !== "true")
    throw new Error("two files would share the cluster at a time: this one belongs to those that vitest.config.ts leaves alone");
  const wasRunning = (await clusterStatus()).state === "running";
  return {
    cluster: await startCluster(),
    // Pods take their time to end, which nothing waits for where the whole cluster goes.
    leave: async (kube) => (wasRunning ? kube?.deleteNamespace() : stopCluster()),
  };
}
