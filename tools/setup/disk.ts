import { execFileSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { cacheRoot } from "../paths.ts";
import { type Part, PartError } from "./part.ts";

/** Throws before anything is begun where the parts would not fit. Parts that another run has begun need less than is asked here. */
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
