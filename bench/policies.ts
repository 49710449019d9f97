/** What the policy pack adds to a preview, and whether that grows with the stack and no faster. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError, type Pulumi } from "../pulumi/pulumi.ts";
import type { Cluster } from "../tools/cluster/index.ts";
import { projectRoot } from "../tools/paths.ts";
import { inNamespace, newSystems, sizes } from "./scale.ts";
import { median } from "./startup.ts";

/** One size of stack. Seconds of `pulumi preview`, medians of the runs. */
export interface PolicySize {
  systems: number;
  without: number;
  with: number;
}

const pack = ["--policy-pack", join(projectRoot, "policies")];

/** Previews stacks of 1, 10 and 100 systems, in pairs without and with the pack, so that what else the machine does falls on both. */
export async function measurePolicies(cluster: Cluster, runs: number): Promise<PolicySize[]> {
  const folder = mkdtempSync(join(tmpdir(), "rollback-bench-"));
  try {
    return await inNamespace(cluster, "policies", async (namespace) => {
      const measured: PolicySize[] = [];
      for (const systems of sizes) {
        const pulumi = await newSystems(join(folder, String(systems)), systems, cluster, namespace);
        const pairs: [without: number, with_: number][] = [];
        for (let run = 0; run < runs; run++) pairs.push([await preview(pulumi), await preview(pulumi, pack)]);
        measured.push({ systems, without: median(pairs.map(([without]) => without)), with: median(pairs.map(([, with_]) => with_)) });
      }
      return measured;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds. A preview that the pack refuses has asked every rule of every resource too. */
async function preview(pulumi: Pulumi, flags: readonly string[] = []): Promise<number> {
  try {
    return seconds(await pulumi.run(["preview", ...flags]));
  } catch (error) {
    if (!(error instanceof CommandError) || !error.run.output.includes("[mandatory]")) throw error;
    return seconds(error.run);
  }
}

const seconds = ({ startedAt, endedAt }: { startedAt: number; endedAt: number }): number => (endedAt - startedAt) / 1000;
