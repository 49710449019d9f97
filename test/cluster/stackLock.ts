import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "../../drill/kube.ts";

/** Files of those who hold a stack's lock. */
export const locksOf = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];

const patienceMs = 60_000;

/** The process of the update that holds a stack's lock, once there is one. @param folder of the stack's locks, in a folder's backend. */
export async function holder(folder: string): Promise<number> {
  for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(20)) {
    const [lock] = locksOf(folder);
    if (lock !== undefined) return JSON.parse(readFileSync(join(folder, lock), "utf8")).pid;
  }
  throw new Error(`for ${patienceMs / 1000} s, no update took a lock in ${folder}`);
}
