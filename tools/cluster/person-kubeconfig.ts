import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { ClusterError } from "./types.ts";

interface Named {
  name: string;
}
interface Kubeconfig {
  clusters: (Named & { cluster: Record<string, unknown> })[];
  users: (Named & { user: Record<string, unknown> })[];
  contexts: (Named & { context: { cluster: string; user: string; namespace?: string } })[];
}

/** The person's kubeconfig files: those of `$KUBECONFIG`, else the one in the home folder. They are only ever read. */
export function personalFiles(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): string[] {
  const listed = (env.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  return listed.length > 0 ? listed : [join(home, ".kube", "config")];
}

/**
 * The text of a kubeconfig that has the named context and nothing else, so that no command that gets it can act on another
 * cluster. Where files name the same thing, the first counts, as for kubectl. Throws a ClusterError that lists the contexts there are.
 */
export function onlyContext(files: string[], name: string): string {
  const found = files.filter(existsSync).map(readKubeconfig);
  if (found.length === 0)
    throw new ClusterError(`there is no kubeconfig to take the context "${name}" from: looked for ${files.join(", ")}`);
  const contexts = found.flatMap((each) => each.contexts);
  const context = first(contexts, name);
  if (!context) {
    const names = [...new Set(contexts.map((each) => each.name))];
    throw new ClusterError(
      `the kubeconfig (${files.join(", ")}) has no context "${name}"; it has ${names.join(", ") || "none"}.\n  Choose one with --context`,
    );
  }
  const cluster = first(
    found.flatMap((each) => each.clusters),
    context.context.cluster,
  );
  const user = first(
    found.flatMap((each) => each.users),
    context.context.user,
  );
  if (!cluster || !user) {
    const missing = cluster ? `user "${context.context.user}"` : `cluster "${context.context.cluster}"`;
    throw new ClusterError(`the context "${name}" names the ${missing}, which is not in ${files.join(", ")}`);
  }
  return stringify({ apiVersion: "v1", kind: "Config", clusters: [cluster], users: [user], contexts: [context], "current-context": name });
}

function readKubeconfig(file: string): Kubeconfig {
  let content: Partial<Kubeconfig> | null;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ClusterError(`the kubeconfig ${file} cannot be read: ${(error as Error).message}`);
  }
  const { clusters, users, contexts } = content ?? {};
  for (const { cluster } of clusters ?? []) makeAbsolute(cluster, ["certificate-authority"], file);
  for (const { user } of users ?? []) {
    makeAbsolute(user, ["client-certificate", "client-key", "tokenFile"], file);
    const exec = user.exec as Record<string, unknown> | undefined;
    // A command with a slash is a path beside the file; one without is looked for on the PATH.
    if (typeof exec?.command === "string" && exec.command.includes("/")) makeAbsolute(exec, ["command"], file);
  }
  return { clusters: clusters ?? [], users: users ?? [], contexts: contexts ?? [] };
}

function makeAbsolute(entry: Record<string, unknown>, keys: string[], file: string): void {
  for (const key of keys) {
    const value = entry[key];
    if (typeof value === "string" && value !== "" && !isAbsolute(value)) entry[key] = resolve(dirname(file), value);
  }
}

function first<T extends Named>(entries: T[], name: string): T | undefined {
  return entries.find((entry) => entry.name === name);
}
