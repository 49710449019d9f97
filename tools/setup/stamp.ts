import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheRoot } from "../paths.ts";
import type { PartName } from "./part.ts";

/** What was made, of what, so that a later run can tell in milliseconds whether it still holds. */
export interface Stamp {
  /** Hash of everything the part was made from. */
  fingerprint: string;
  /** "found", "unpacked", "downloaded" or "built". */
  source: string;
  /** Absolute path → size in bytes. */
  files: Record<string, number>;
  /** For bundles: the source files, relative to the project. */
  inputs?: string[];
}

function stampFile(part: PartName): string {
  return join(cacheRoot, "stamps", `${part}.json`);
}

export function readStamp(part: PartName): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(stampFile(part), "utf8")) as Stamp;
  } catch {
    return undefined;
  }
}

/** Whether the stamp is of this fingerprint and every file it names is there in full. */
export function holds(stamp: Stamp | undefined, fingerprint: string): stamp is Stamp {
  if (stamp?.fingerprint !== fingerprint) return false;
  return Object.entries(stamp.files).every(([file, size]) => statSync(file, { throwIfNoEntry: false })?.size === size);
}

/** Written last, after the files are in place. */
export function writeStamp(part: PartName, stamp: Omit<Stamp, "files">, files: string[]): void {
  const complete: Stamp = { ...stamp, files: Object.fromEntries(files.map((file) => [file, statSync(file).size])) };
  const target = stampFile(part);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(`${target}.${process.pid}`, JSON.stringify(complete, null, 2));
  renameSync(`${target}.${process.pid}`, target);
}

export function hash(pieces: Iterable<string | Buffer>): string {
  const sum = createHash("sha256");
  for (const piece of pieces) sum.update(piece).update("\0");
  return sum.digest("hex");
}

/** Hash of files' names and contents; a missing file counts as such. */
export function hashFiles(root: string, files: string[]): string {
  return hash([...files].sort().flatMap((file) => [file, contents(join(root, file))]));
}

function contents(file: string): Buffer | string {
  try {
    return readFileSync(file);
  } catch {
    return "missing";
  }
}
