/** Who else is changing the stack, and what they are doing. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../pulumi/alive.ts";
import { CommandError } from "../../pulumi/pulumi.ts";
import { OperatorError } from "../operatorError.ts";
import { utc } from "../text.ts";
import { explained } from "./explained.ts";
import { localState } from "./localState.ts";
import type { OpenStack } from "./open.ts";

/** Whoever holds the stack. */
export interface Holder {
  /** `root@vm (process 7093)`, as far as the backend says it. */
  who: string;
  since: string | undefined;
  /** What they are doing, in the words of a `rollback` command; nothing where it is another. */
  doing: string | undefined;
  /** Whether it is a process of this machine that is there no more: its lock is left over. */
  gone: boolean;
}

/** Under which `rollback` says in the backend what it is doing. */
export const doingTag = "rollback:doing";

/**
 * Who holds the stack now. A folder's locks are read, Pulumi Cloud is asked; of a bucket it is known only when an update is tried.
 */
export async function holderOf(stack: OpenStack): Promise<Holder | undefined> {
  const folder = localState(stack);
  if (folder) {
    const lock = locksIn(folder.locks)[0];
    if (!lock) return undefined;
    const gone = lock.hostname === hostname() && !isAlive(lock.pid);
    return { who: `${lock.username}@${lock.hostname} (process ${lock.pid})`, since: utc(lock.timestamp), doing: await doing(stack), gone };
  }
  const { stdout } = await stack.pulumi.run(["stack", "ls", "--json"]).catch(async (error) => {
    throw await explained(error, stack);
  });
  const listed: { name: string; updateInProgress?: boolean }[] = JSON.parse(stdout);
  const updating = listed.find(({ name }) => name === stack.name)?.updateInProgress ?? false;
  return updating ? { who: "somebody", since: undefined, doing: await doing(stack), gone: false } : undefined;
}

interface Lock {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

function locksIn(folder: string): Lock[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => {
    try {
      return file.endsWith(".json") ? [JSON.parse(readFileSync(join(folder, file), "utf8")) as Lock] : [];
    } catch {
      // Released meanwhile.
      return [];
    }
  });
}

async function doing({ pulumi }: OpenStack): Promise<string | undefined> {
  const { stdout } = await pulumi.run(["stack", "tag", "get", doingTag]).catch(() => ({ stdout: "" }));
  return stdout.trim() || undefined;
}

/** An update that was refused since another one holds the stack, in Pulumi's own words; nothing for any other failure. */
export function refusedAsBusy(error: unknown): { who: string } | undefined {
  if (!(error instanceof CommandError)) return undefined;
  const { output } = error.run;
  if (!/currently locked|Another update is currently in progress|conflict.*update/i.test(output)) return undefined;
  const [, who] = /created by (\S+ \(pid \d+\) at \S+)/.exec(output) ?? [];
  return { who: who ?? "somebody" };
}

export function busy(stack: Pick<OpenStack, "name">, { who, since, doing: what }: Partial<Holder>): OperatorError {
  const told = [
    `${who ?? "somebody"} is changing stack ${stack.name}`,
    ...(since ? [` since ${since}`] : []),
    ...(what ? [`: ${what}`] : []),
  ].join("");
  return new OperatorError(`${told}. Nothing was changed by you.\n    wait, and look with: rollback status --stack ${stack.name}`, "busy");
}
