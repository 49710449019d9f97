import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { buildDemoImage } from "../../../demo/image.ts";
import { type Cluster, loadImage, startCluster, stopCluster } from "../../../tools/cluster/index.ts";
import { binDir, imagesDir } from "../../../tools/paths.ts";

/** A node of a test file's own, and kubectl to look at it with other eyes. */
export interface TestCluster {
  cluster: Cluster;
  /** The demo's image, loaded; its entrypoint is Node, so `args: ["-e", script]` runs anything. */
  image: string;
  kubectl(...args: string[]): Promise<string>;
  close(): Promise<void>;
}

export async function newTestCluster(): Promise<TestCluster> {
  const name = `provider-test-${process.pid}`;
  const cluster = await startCluster({ name });
  const built = await buildDemoImage(imagesDir);
  await loadImage(cluster, built.archive);
  const cacheDir = join(tmpdir(), name);
  return {
    cluster,
    image: built.reference,
    kubectl: async (...args) => {
      const { stdout } = await execa(join(binDir, "kubectl"), ["--kubeconfig", cluster.kubeconfig, "--cache-dir", cacheDir, ...args]);
      return stdout;
    },
    async close() {
      await stopCluster(name);
      rmSync(cacheDir, { recursive: true, force: true });
    },
  };
}
