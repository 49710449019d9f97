import { clusterOf } from "./connection.ts";
import { readOptions } from "./options.ts";
import { equal, hasUnknown, type Props } from "./values.ts";

const WHERE = ["kubeconfig", "context", "cluster"] as const;

/**
 * What changed in a provider's configuration, and whether it now means another cluster, on which everything has to be made anew.
 * A `clusterIdentifier` on both sides decides that alone; else the server of the active context does, where the kubeconfigs are
 * given as contents. The same path may hold another cluster's file tomorrow, which nobody can tell from here.
 */
export async function configDifference(olds: Props, news: Props): Promise<{ changed: string[]; replaces: string[] }> {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((name) => name !== "version" && name !== "__internal");
  const changed = names.filter((name) => !equal(olds[name] ?? null, news[name] ?? null));
  const [before, after] = [readOptions(olds), readOptions(news)];
  if (before.clusterIdentifier && after.clusterIdentifier) {
    return { changed, replaces: before.clusterIdentifier === after.clusterIdentifier ? [] : ["clusterIdentifier"] };
  }
  const where = WHERE.filter((name) => changed.includes(name));
  if (where.length === 0) return { changed, replaces: [] };
  if (where.some((name) => hasUnknown(news[name] ?? null))) return { changed, replaces: where };
  const [from, to] = [await clusterOf(before), await clusterOf(after)];
  return { changed, replaces: from !== undefined && to !== undefined && from !== to ? where : [] };
}
