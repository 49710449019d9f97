import { stringify } from "yaml";
import { isObject } from "../../components/levers/scalars.ts";

/** One field that differs, as a line. */
export function fieldDifferences(before: unknown, after: unknown, path = ""): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (before === undefined) return [`+ ${path}: ${inline(after)}`];
  if (after === undefined) return [`- ${path}: ${inline(before)}`];
  const [old, now] = [parts(before, path), parts(after, path)];
  if (!old || !now) return [changed(path, inline(before), inline(after))];
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  return keys.flatMap((key) => fieldDifferences(old.get(key), now.get(key), key));
}

function changed(path: string, before: string, after: string): string {
  const line = `~ ${path}: ${before} → ${after}`;
  return line.length <= 140 ? line : `~ ${path}:\n    ${before}\n  → ${after}`;
}

/** The parts of a value by their paths: those of an object, of a list whose entries have names, and of JSON in a text. */
function parts(value: unknown, path: string): Map<string, unknown> | undefined {
  if (typeof value === "string" && path.endsWith('.json"]')) return parts(JSON.parse(value), path);
  if (Array.isArray(value))
    return new Map(value.map((entry, index) => [`${path}[${isObject(entry) ? (entry.name ?? index) : index}]`, entry]));
  return isObject(value) ? new Map(Object.entries(value).map(([key, inner]) => [below(path, key), inner])) : undefined;
}

function below(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

function inline(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: true }).trimEnd().replaceAll("\n", " ");
}
