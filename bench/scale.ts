/** Whether a preview's time grows with the size of the stack, and no faster. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Cluster } from "../tools/cluster/index.ts";
import { binDir } from "../tools/paths.ts";
import { median } from "./startup.ts";
import { newTestStack } from "./testStack.ts";

/** One size of stack. */
export interface Size {
  systems: number;
  /** Resources that the preview would create, components among them. */
  resources: number;
  /** Seconds of `pulumi preview`, median of the runs. */
  preview: number;
}

const sizes = [1, 10, 100];

/** Previews stacks of 1, 10 and 100 systems on a running cluster, which checks each object and keeps none. */
export async function measureScale(cluster: Cluster, runs: number): Promise<Size[]> {
  const folder = mkdtempSync(join(tmpdir(), "rollback-bench-"));
  const namespace = `rollback-bench-scale-${process.pid}`;
  const kubectl = (...args: string[]) =>
    execa(join(binDir, "kubectl"), ["--kubeconfig", cluster.kubeconfig, "--context", cluster.context, ...args]);
  await kubectl("create", "namespace", namespace);
  try {
    const measured: Size[] = [];
    for (const systems of sizes) {
      const settings = {
        count: String(systems),
        "kubernetes:kubeconfig": cluster.kubeconfig,
        "kubernetes:context": cluster.context,
        "kubernetes:namespace": namespace,
      };
      const pulumi = await newTestStack(join(folder, String(systems)), "systems", settings);
      const seconds: number[] = [];
      let resources = 0;
      for (let run = 0; run < runs; run++) {
        const { startedAt, endedAt, output } = await pulumi.run(["preview"]);
        seconds.push((endedAt - startedAt) / 1000);
        resources = Number(/\+ (\d+) to create/.exec(output)?.[1]);
      }
      measured.push({ systems, resources, preview: median(seconds) });
    }
    return measured;
  } finally {
    await kubectl("delete", "namespace", "--wait=false", namespace);
    rmSync(folder, { recursive: true, force: true });
  }
}
