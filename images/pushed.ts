/** Where the images were pushed for each context, so that a drill on that cluster names them by that registry. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { workDir } from "../tools/paths.ts";

const file = join(workDir, "pushed-images.json");

/** The image's own name in a reference: without registry, folder and digest. */
export function nameOf(reference: string): string {
  return reference.replace(/@.*$/, "").replace(/^.*\//, "");
}

/** References by digest. */
export interface PushedImages {
  /** As it was typed. */
  registry: string;
  references: string[];
}

export function readPushed(context: string): PushedImages | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, PushedImages>)[context] : undefined;
}

export function writePushed(context: string, pushed: PushedImages): void {
  const all = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...all, [context]: pushed }, undefined, 2)}\n`);
}
