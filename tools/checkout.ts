import { cpSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./paths.ts";

/** Folders of a checkout that are its own: what it runs with, and what may be added to. */
const own = [".git", ".rollback", "stacks"];

/** Makes `folder`, which is there and empty, a checkout of this project's code with stacks of its own: those of this one, but for drills'. */
export function makeCheckout(folder: string): void {
  for (const entry of readdirSync(projectRoot)) {
    if (!own.includes(entry)) symlinkSync(join(projectRoot, entry), join(folder, entry));
  }
  const filter = (file: string) => !file.endsWith("-drill.yaml");
  cpSync(join(projectRoot, "stacks"), join(folder, "stacks"), { recursive: true, filter });
}
