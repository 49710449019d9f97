import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheRoot } from "../paths.ts";
import type { PartName } from "./part.ts";

/** An empty folder for a part to be made in, on the same disk as its place; what a killed run left there is removed. */
export function workFolder(part: PartName): string {
  removeWorkFolder(part);
  mkdirSync(folderOf(part), { recursive: true });
  return folderOf(part);
}

export function removeWorkFolder(part: PartName): void {
  rmSync(folderOf(part), { recursive: true, force: true });
}

function folderOf(part: PartName): string {
  return join(cacheRoot, "tmp", part);
}

/** Puts finished files into a folder, each appearing whole. Returns where they are now. */
export function putInPlace(files: string[], folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return files.map((file) => {
    const target = join(folder, basename(file));
    chmodSync(file, 0o755);
    renameSync(file, target);
    return target;
  });
}

/** Makes `folder/<name>` point to a command that the machine already has. */
export function linkInPlace(target: string, folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const link = join(folder, name);
  const draft = `${link}.${process.pid}`;
  rmSync(draft, { force: true });
  symlinkSync(target, draft);
  renameSync(draft, link);
  return link;
}
