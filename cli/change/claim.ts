/** One operator at a time in a checkout: the stack's file is what they would change under each other. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../pulumi/alive.ts";
import { busy, doingTag, type Holder } from "../stack/busy.ts";
import type { OpenStack } from "../stack/open.ts";
import { utc } from "../text.ts";

interface Note {
  who: string;
  pid: number;
  since: string;
  doing: string;
}

/**
 * Runs `body` while no other command of this checkout changes the stack, and says in the backend what is done meanwhile, for those
 * who look from elsewhere.
 * @throws {OperatorError} that says who is at it and what they are doing.
 */
export async function whileAlone<T>(stack: OpenStack, { by, doing }: { by: string; doing: string }, body: () => Promise<T>): Promise<T> {
  const file = noteFile(stack);
  mkdirSync(join(stack.project.folder, ".rollback"), { recursive: true });
  const note: Note = { who: `${by} (process ${process.pid} of ${hostname()})`, pid: process.pid, since: new Date().toISOString(), doing };
  take(file, note, stack);
  // Side by side with the work: nobody waits for it.
  const tagged = stack.pulumi.run(["stack", "tag", "set", doingTag, doing]).catch(() => undefined);
  try {
    return await body();
  } finally {
    await tagged;
    await stack.pulumi.run(["stack", "tag", "rm", doingTag]).catch(() => undefined);
    rmSync(file, { force: true });
  }
}

/** Who of this checkout is changing the stack now. */
export function claimedBy(stack: OpenStack): Holder | undefined {
  const note = read(noteFile(stack));
  return note && isAlive(note.pid) ? { who: note.who, since: utc(note.since), doing: note.doing, gone: false } : undefined;
}

const noteFile = ({ project, name }: OpenStack): string => join(project.folder, ".rollback", `${name.replaceAll("/", "_")}.doing.json`);

function take(file: string, note: Note, stack: OpenStack): void {
  const other = claimedBy(stack);
  if (other) throw busy(stack, other);
  rmSync(file, { force: true });
  try {
    writeFileSync(file, JSON.stringify(note), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw busy(stack, claimedBy(stack) ?? {});
  }
}

function read(file: string): Note | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
