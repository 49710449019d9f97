import type { V1Pod, V1Secret } from "@kubernetes/client-node";
import { reason } from "../cluster/within.ts";
import type { Missing } from "./item.ts";

/** Shorter ones would be found everywhere. */
const shortest = 6;

/** Secrets that pods are given, in any of the ways there are. */
export function secretsOf(pods: readonly V1Pod[]): string[] {
  const named = pods.flatMap(({ spec }) => [
    ...(spec?.volumes ?? []).flatMap(({ secret, projected }) => [
      secret?.secretName,
      ...(projected?.sources ?? []).map((source) => source.secret?.name),
    ]),
    ...[...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].flatMap(({ env = [], envFrom = [] }) => [
      ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      ...envFrom.map(({ secretRef }) => secretRef?.name),
    ]),
  ]);
  return [...new Set(named.filter((name) => name !== undefined))].sort();
}

export interface Hiding {
  /** Puts `[secret <name>/<key>]` in the place of every value of those Secrets. */
  hide: (text: string) => string;
  /** Keys of each Secret that could be read. */
  keys: Record<string, string[]>;
  missing: Missing[];
}

/** Reads the Secrets, only to take their values out of whatever is kept. */
export async function hiding(names: readonly string[], read: (name: string) => Promise<V1Secret>): Promise<Hiding> {
  const [values, keys, missing]: [[string, string][], Record<string, string[]>, Missing[]] = [[], {}, []];
  await Promise.all(
    names.map(async (name) => {
      try {
        const { data = {} } = await read(name);
        keys[name] = Object.keys(data).sort();
        for (const [key, encoded] of Object.entries(data)) {
          const place = `[secret ${name}/${key}]`;
          const plain = Buffer.from(encoded, "base64").toString().trim();
          if (plain.length >= shortest) values.push([plain, place], [encoded, place], [encodeURIComponent(plain), place]);
        }
      } catch (error) {
        missing.push({ what: `keys of Secret ${name}, so that its values could not be looked for in what is kept`, why: reason(error) });
      }
    }),
  );
  // The longest first: one may be a part of another.
  values.sort(([a], [b]) => b.length - a.length);
  return { keys, missing, hide: (text) => values.reduce((all, [value, place]) => all.replaceAll(value, place), text) };
}
