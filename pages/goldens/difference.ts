import { fieldDifferences } from "./fields.ts";
import type { Resource, Resources } from "./update.ts";

export interface Change {
  resource: Resource;
  /** 1 is what changes at once; 2 is what waits until something of 1 is ready, and so on. */
  place: number;
  /** Fields that differ from what was there, or from the version before; nothing where there was none. */
  fields: string[] | undefined;
  /** Name of the version before, where this one is another. */
  instead: string | undefined;
  made: boolean;
}

export interface Difference {
  /** In the order in which the engine may make them. */
  changes: Change[];
  /** What goes, once all that is done. */
  gone: Resource[];
  same: Resource[];
}

/** What an update does to what an earlier one left. */
export function difference(before: Resources, after: Resources): Difference {
  const differing = new Map<string, Omit<Change, "place">>();
  for (const [key, resource] of after) {
    const old = before.get(key);
    const version = old ?? versionBefore(resource, before);
    const fields = version && fieldDifferences(version.inputs, resource.inputs);
    if (!old || fields?.length) differing.set(key, { resource, fields, instead: old ? undefined : version?.name, made: !old });
  }
  const places = new Map<string, number>();
  const changes = [...differing].map(([key, change]) => ({ ...change, place: placeOf(key, after, differing, places) }));
  return {
    changes: changes.sort((a, b) => a.place - b.place || byName(a.resource, b.resource)),
    gone: [...before]
      .filter(([key]) => !after.has(key))
      .map(([, resource]) => resource)
      .sort(byName),
    same: [...after]
      .filter(([key]) => !differing.has(key))
      .map(([, resource]) => resource)
      .sort(byName),
  };
}

function placeOf(key: string, resources: Resources, differing: ReadonlyMap<string, unknown>, known: Map<string, number>): number {
  const found = known.get(key);
  if (found !== undefined) return found;
  const awaited = (resources.get(key)?.waitsFor ?? []).map((other) => placeOf(other, resources, differing, known));
  const place = Math.max(0, ...awaited) + (differing.has(key) ? 1 : 0);
  known.set(key, place);
  return place;
}

const base = (name: string): string => name.replace(/-#\d+$/, "");

/** The newest of the same content under another hash. */
function versionBefore({ type, name }: Resource, before: Resources): Resource | undefined {
  if (base(name) === name) return undefined;
  const number = (resource: Resource): number => Number(resource.name.split("#").at(-1));
  const versions = [...before.values()].filter((other) => other.type === type && base(other.name) === base(name));
  return versions.sort((a, b) => number(a) - number(b)).at(-1);
}

const byName = (a: Resource, b: Resource): number => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1);
