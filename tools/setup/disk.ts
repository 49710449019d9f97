import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, statfsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheRoot } from "../paths.ts";
import { type Part, PartError, type PartName } from "./part.ts";

const begun = join(cacheRoot, "begun");

/** Throws before anything is begun where building the parts would not fit. */
export function requireSpace(parts: Part[]): void {
  const needed = parts.reduce((sum, { space = 0 }) => sum + space, 0);
  const largest = parts.toSorted((a, b) => (b.space ?? 0) - (a.space ?? 0))[0];
  if (!largest || needed === 0) return;
  for (const folder of [cacheRoot, goCache()]) {
    const free = freeSpace(folder);
    if (free >= needed) continue;
    const tried = [`looked at the disk of ${folder}: ${gigabytes(free)} are free, building may take ${gigabytes(needed)}`];
    throw new PartError(
      largest.name,
      parts.map(({ title }) => title).join(", "),
      tried,
      "free some space, or put the caches on another disk with ROLLBACK_STACKS_CACHE and GOCACHE.",
    );
  }
}

/** Whether a run before has begun it: its caches then hold an unknown part of the space already. */
export function hasBegun(part: PartName): boolean {
  return existsSync(join(begun, part));
}

export function noteBegin(part: PartName): void {
  mkdirSync(begun, { recursive: true });
  writeFileSync(join(begun, part), "");
}

function goCache(): string {
  try {
    return execFileSync("go", ["env", "GOCACHE"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() || cacheRoot;
  } catch {
    return cacheRoot;
  }
}

function freeSpace(folder: string): number {
  for (let place = folder; ; place = dirname(place)) {
    try {
      const { bavail, bsize } = statfsSync(place);
      return bavail * bsize;
    } catch (error) {
      if (place === dirname(place)) throw error;
    }
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
