/** Whether a preview's time grows with the size of the stack, and no faster. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Pulumi } from "../pulumi/pulumi.ts";
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

export const sizes = [1, 10, 100];

/** Previews stacks of 1, 10 and 100 systems on a running cluster, which checks each object and keeps none. */
export async function measureScale(cluster: Cluster, runs: number): Promise<Size[]> {
  const folder = mkdtempSync(join(tmpdir(), "rollback-bench-"));
  try {
    return await inNamespace(cluster, "scale", async (namespace) => {
      const measured: Size[] = [];
      for (const systems of sizes) {
        const pulumi = await newSystems(join(folder, String(systems)), systems, cluster, namespace);
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
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With a namespace that is there as long as `measure` takes. */
export async function inNamespace<T>(
  { kubeconfig, context }: Cluster,
  purpose: string,
  measure: (namespace: string) => Promise<T>,
): Promise<T> {
  const namespace = `rollback-bench-${purpose}-${process.pid}`;
  const kubectl = (...args: string[]) => execa(join(binDir, "kubectl"), ["--kubeconfig", kubeconfig, "--context", context, ...args]);
  await kubectl("create", "namespace", namespace);
  try {
    return await measure(namespace);
  } finally {
    await kubectl("delete", "namespace", "--wait=false", namespace);
  }
}

/** A stack of so many systems. */
export function newSystems(folder: string, count: number, { kubeconfig, context }: Cluster, namespace: string): Promise<Pulumi> {
  const kubernetes = { "kubernetes:kubeconfig": kubeconfig, "kubernetes:context": context, "kubernetes:namespace": namespace };
  return newTestStack(folder, "systems", { count: String(count), ...kubernetes });
}
