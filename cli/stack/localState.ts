/** Where Pulumi's file backend keeps what. */

import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import type { OpenStack } from "./open.ts";

type Kept = Pick<OpenStack, "env" | "name" | "project">;

function rootOf({ env, project }: Pick<Kept, "env" | "project">): string | undefined {
  const url = env.PULUMI_BACKEND_URL ?? "";
  if (!url.startsWith("file://")) return undefined;
  const path = (url.slice("file://".length).split("?")[0] ?? "").replace(/^~(?=\/|$)/, userInfo().homedir);
  return join(resolve(project.folder, path), ".pulumi");
}

const last = (name: string): string => name.split("/").at(-1) ?? name;

/** The stack's file and folders in the state's folder; nothing where the state is elsewhere. */
export function localState(stack: Kept): { checkpoint: string; history: string; backups: string; locks: string } | undefined {
  const root = rootOf(stack);
  if (root === undefined) return undefined;
  const [project, name] = [stack.project.name, last(stack.name)];
  return {
    checkpoint: join(root, "stacks", project, `${name}.json`),
    history: join(root, "history", project, name),
    backups: join(root, "backups", project, name),
    locks: join(root, "locks", "organization", project, name),
  };
}
