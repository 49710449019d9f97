import { readFileSync, renameSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { lock } from "proper-lockfile";
import { removeCgroups } from "./cgroups.ts";
import { writePrivate } from "./files.ts";
import type { Layout } from "./layout.ts";
import { isAlive, killAll, type ProcessId } from "./processes.ts";
import { ClusterError } from "./types.ts";

/** What is kept about a started cluster, so that any later command finds exactly what belongs to it. */
export interface ClusterRecord {
  kind: "node" | "simulated";
  /** Milliseconds since 1970. */
  startedAt: number;
  ports: { api: number; proxy?: number };
  /** The process whose end is the end of the cluster. */
  main?: ProcessId;
  /** A process inside the namespaces, to enter them by. */
  inner?: ProcessId;
  cgroups: string[];
}

export function readRecord(layout: Layout): ClusterRecord | undefined {
  return readJson(layout.record);
}

export function writeRecord(layout: Layout, record: ClusterRecord): void {
  const draft = `${layout.record}.draft`;
  writePrivate(draft, JSON.stringify(record, null, 2));
  renameSync(draft, layout.record);
}

export function isRunning(record: ClusterRecord | undefined): boolean {
  return record?.main !== undefined && isAlive(record.main) && (record.inner === undefined || isAlive(record.inner));
}

/** The processes of a simulated cluster by component; unlike a node's they do not end with `main`. */
export function readParts(layout: Layout): Record<string, ProcessId> {
  return readJson<Record<string, ProcessId>>(layout.parts) ?? {};
}

/** Ends every process of the cluster and removes its cgroups; its files stay. */
export async function endProcesses(layout: Layout, record: ClusterRecord): Promise<void> {
  // The main process first: it would start the others again.
  if (record.main) await killAll([record.main]);
  await killAll([...(record.inner ? [record.inner] : []), ...Object.values(readParts(layout))]);
  await removeCgroups(record.cgroups);
}

/** Runs `action` while nobody else starts or stops this cluster; waits up to two minutes for that. */
export async function exclusively<T>(layout: Layout, action: () => Promise<T>): Promise<T> {
  await mkdir(dirname(layout.lock), { recursive: true, mode: 0o700 });
  const release = await lock(layout.dir, {
    lockfilePath: layout.lock,
    realpath: false,
    stale: 10_000,
    retries: { retries: 600, minTimeout: 200, maxTimeout: 200, factor: 1 },
  }).catch((error: NodeJS.ErrnoException) => {
    // The last cluster, which was just stopped, took the folder with it.
    if (error.code === "ENOENT") return undefined;
    if (error.code !== "ELOCKED") throw error;
    throw new ClusterError(
      `another command has been starting or stopping the cluster "${layout.name}" for two minutes.\n` +
        `  Wait for it or end it; if none runs, remove ${layout.lock}`,
    );
  });
  if (release === undefined) return exclusively(layout, action);
  try {
    return await action();
  } finally {
    await release();
  }
}

export async function removeFiles(layout: Layout): Promise<void> {
  await rm(layout.dir, { recursive: true, force: true, maxRetries: 3 });
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
