import { existsSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { dialerOf } from "./dial.ts";
import { clustersDir, defaultName, type Layout, layoutOf } from "./layout.ts";
import { launchNode } from "./node.ts";
import { type ClusterRecord, endProcesses, exclusively, isRunning, readRecord, removeFiles } from "./record.ts";
import { diskFull, requireDisk, requireNode, requireSimulated } from "./requirements.ts";
import { launchSimulated } from "./simulated.ts";
import { type Cluster, ClusterError, type StartOptions } from "./types.ts";
import { becomesReady, untilReady } from "./waiting.ts";

export { useContext } from "./context.ts";
export { loadImage } from "./load-image.ts";
export { missingForNode } from "./requirements.ts";
export { clusterLogs, clusterStatus } from "./status.ts";
export { type Cluster, ClusterError, type ClusterKind, type ClusterStatus, type StartOptions } from "./types.ts";

/**
 * Starts the project's own cluster and resolves when it is ready for work: the node is Ready, names and service addresses work,
 * the default service account exists. A healthy one is returned at once; one whose parts were killed is mended, keeping its objects.
 * Throws a ClusterError that says what the machine lacks, which port is taken, or which part does not come up.
 */
export async function startCluster(options: StartOptions = {}): Promise<Cluster> {
  const { name = defaultName, simulated = false, port, report = () => {} } = options;
  const layout = layoutOf(name);
  const kind = simulated ? "simulated" : "node";
  return exclusively(layout, async () => {
    const before = readRecord(layout);
    if (before && before.kind !== kind) throw otherKind(name, before.kind);
    if (before && isRunning(before)) {
      if (port !== undefined && port !== before.ports.api) throw otherPort(name, before.ports.api);
      if (await becomesReady(layout, before)) return clusterOf(layout, before);
      report("the cluster does not recover by itself; starting it again");
    }
    if (before) await endProcesses(layout, before);
    if (simulated) requireSimulated();
    else requireNode();
    try {
      requireDisk(clustersDir);
      report(simulated ? "starting the control plane" : "starting the node in its namespaces");
      const launch = simulated ? launchSimulated : launchNode;
      const record = await launch(layout, port, before).catch(async (error) => {
        // A first start that came to nothing leaves nothing; later ones keep the cluster's objects for the next attempt.
        if (!before) await removeFiles(layout);
        throw error;
      });
      await untilReady(layout, record, report);
      return clusterOf(layout, record);
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === "ENOSPC" ? diskFull(layout.dir) : error;
    }
  });
}

/** Ends the cluster and removes every trace of it: processes, mounts, interfaces, rules, cgroups, files. None there is no error. */
export async function stopCluster(name: string = defaultName): Promise<void> {
  const layout = layoutOf(name);
  if (!existsSync(layout.dir)) return;
  await exclusively(layout, async () => {
    const record = readRecord(layout);
    if (record) await endProcesses(layout, record);
    await removeFiles(layout);
  });
  await rmdir(clustersDir).catch(() => {});
}

function clusterOf(layout: Layout, record: ClusterRecord): Cluster {
  return {
    name: layout.name,
    kind: record.kind,
    kubeconfig: layout.kubeconfig,
    context: layout.context,
    dial: dialerOf(layout, record),
  };
}

function otherKind(name: string, kind: ClusterRecord["kind"]): ClusterError {
  const what = kind === "node" ? "a real node" : "simulated";
  return new ClusterError(
    `the cluster "${name}" is ${what}.\n  Stop it first (npm run cluster -- stop --name ${name}), or start another one with --name`,
  );
}

function otherPort(name: string, port: number): ClusterError {
  return new ClusterError(
    `the cluster "${name}" already runs on port ${port}.\n  Leave --port out to use it, or stop it first: npm run cluster -- stop --name ${name}`,
  );
}
