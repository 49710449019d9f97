import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { vi } from "vitest";
import { type Cluster, startCluster, stopCluster } from "../../../tools/cluster/index.ts";
import { layoutOf } from "../../../tools/cluster/layout.ts";
import { readParts } from "../../../tools/cluster/record.ts";
import { binDir } from "../../../tools/paths.ts";
import { type FaultProxy, newFaultProxy } from "./faultProxy.ts";

/** A real control plane of a test file's own with kwok's pretended node, and a proxy in front of it. */
export interface SimulatedCluster {
  cluster: Cluster;
  proxy: FaultProxy;
  /** As the admin, past the proxy. */
  kubectl(...args: string[]): Promise<string>;
  /** Hands an object to `kubectl create`. */
  create(object: object): Promise<string>;
  /** Lets pods run that wait for this label, once the API server answers. */
  labelTheNode(label: string): Promise<void>;
  /** Kills the API server as a crash would; its supervisor starts it again. */
  killApiServer(): void;
  close(): Promise<void>;
}

export async function newSimulatedCluster(): Promise<SimulatedCluster> {
  const name = `faults-${process.pid}`;
  const cluster = await startCluster({ name, simulated: true });
  const proxy = await newFaultProxy(cluster.kubeconfig);
  const cacheDir = join(tmpdir(), name);
  const run = async (args: string[], input?: string) => {
    const { stdout } = await execa(join(binDir, "kubectl"), ["--kubeconfig", cluster.kubeconfig, "--cache-dir", cacheDir, ...args], {
      input,
    });
    return stdout;
  };
  return {
    cluster,
    proxy,
    kubectl: (...args) => run(args),
    create: (object) => run(["create", "-f", "-"], JSON.stringify(object)),
    labelTheNode: (label) =>
      vi.waitFor(async () => void (await run(["label", "nodes", "--all", `${label}=`])), { timeout: 60_000, interval: 200 }),
    killApiServer() {
      const pid = readParts(layoutOf(name))["kube-apiserver"]?.pid;
      if (!pid) throw new Error("the API server has no process");
      process.kill(pid, "SIGKILL");
    },
    async close() {
      await proxy.close();
      await stopCluster(name);
      rmSync(cacheDir, { recursive: true, force: true });
    },
  };
}
