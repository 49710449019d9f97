/**
 * Stack and namespace of a drill belong together: a namespace that another checkout's drill left, or a state whose cluster is gone,
 * is of no use to this drill. Both carry the same random id; where they do not match, both are made anew.
 */

import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isAlive } from "../pulumi/alive.ts";
import { upArguments } from "../pulumi/levers.ts";
import { CommandError, type Pulumi } from "../pulumi/pulumi.ts";
import { stackFilePath } from "../pulumi/stackFile.ts";
import { workDir } from "../tools/paths.ts";
import type { Kube } from "./kube.ts";

const label = { "app.kubernetes.io/managed-by": "rollback-stacks-drill" };
const annotation = "rollback-stacks/drill";

/** The namespace, the stack's record in the backend, and their common id, all there and matching or all new. */
export async function own(stack: string, kube: Kube, pulumi: Pulumi): Promise<void> {
  const [namespace, stacks] = await Promise.all([kube.readNamespace(), pulumi.run(["stack", "ls", "--json"])]);
  const exists = (JSON.parse(stacks.stdout) as { name: string }[]).some(({ name }) => name === stack);
  const id = readId(stack);
  if (namespace && namespace.metadata?.labels?.["app.kubernetes.io/managed-by"] !== label["app.kubernetes.io/managed-by"]) {
    throw new Error(
      `the namespace ${kube.namespace} is there already and no drill made it. Delete it if nobody needs it, then drill again:\n` +
        `  kubectl delete namespace ${kube.namespace}`,
    );
  }
  if (exists && id !== undefined && namespace?.metadata?.annotations?.[annotation] === id && !namespace.metadata.deletionTimestamp) return;
  await remove(stack, kube, pulumi, { namespace: namespace !== undefined, stack: exists });
  const fresh = randomUUID();
  await kube.apply([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: kube.namespace, labels: label, annotations: { [annotation]: fresh } } },
  ]);
  await pulumi.run(["stack", "init", stack, "--no-select"]);
  mkdirSync(workDir, { recursive: true });
  writeFileSync(idFile(stack), fresh);
}

/** Removes the namespace with all that runs in it, the stack's record and its file. */
export async function disown(stack: string, kube: Kube, pulumi: Pulumi): Promise<void> {
  await remove(stack, kube, pulumi, { namespace: true, stack: true });
}

async function remove(stack: string, kube: Kube, pulumi: Pulumi, there: { namespace: boolean; stack: boolean }): Promise<void> {
  rmSync(idFile(stack), { force: true });
  if (there.stack) await pulumi.run(["stack", "rm", stack, "--force", "--yes"]);
  // Without its stack it is locked with a key that nobody has.
  rmSync(stackFilePath(stack), { force: true });
  if (there.namespace) await kube.deleteNamespace();
}

/**
 * `pulumi up` of the drill's own stack. Where a process of this machine that is gone still holds the stack's lock (it was killed),
 * the lock is released first. Throws `CommandError`.
 */
export async function upDespiteDeadLock(pulumi: Pulumi): Promise<void> {
  try {
    await pulumi.run(upArguments);
  } catch (error) {
    if (!(error instanceof CommandError) || !heldByTheDead(error.run.output)) throw error;
    await pulumi.run(["cancel", "--yes"]);
    await pulumi.run(upArguments);
  }
}

/** Reads Pulumi's own words: "created by root@vm (pid 7093) at …". */
function heldByTheDead(output: string): boolean {
  const holders = [...output.matchAll(/created by \S+@(\S+) \(pid (\d+)\)/g)];
  return holders.length > 0 && holders.every(([, host, pid]) => host === hostname() && !isAlive(Number(pid)));
}

function idFile(stack: string): string {
  return join(workDir, `${stack}.id`);
}

function readId(stack: string): string | undefined {
  try {
    return readFileSync(idFile(stack), "utf8");
  } catch {
    return undefined;
  }
}
