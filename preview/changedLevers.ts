import { isObject } from "../components/levers/scalars.ts";
import { project } from "../pulumi/stackFile.ts";

/** A lever that a change sets, as it is shown: nothing secret is in it. */
export interface ChangedLever {
  /** As `pulumi config set --path` takes it. */
  path: string;
  before: string;
  after: string;
}

type Config = Record<string, unknown>;

/** What differs between two versions of a stack's file; of secrets and credentials only that it does. */
export function changedLevers(before: Config, after: Config): ChangedLever[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  return paths
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => ({ path, before: show(path, was.get(path)), after: show(path, is.get(path)) }));
}

/** What is no map, by its path, as JSON; with the project's name left out. */
function leavesOf(config: Config): Map<string, string> {
  const below = (path: string, value: unknown): [string, string][] => {
    if (!isObject(value) || "secure" in value) return [[path, JSON.stringify(value)]];
    return Object.entries(value).flatMap(([key, inner]) => below(`${path}.${key}`, inner));
  };
  const prefix = `${project}:`;
  return new Map(Object.entries(config).flatMap(([key, value]) => below(key.startsWith(prefix) ? key.slice(prefix.length) : key, value)));
}

function show(path: string, json: string | undefined): string {
  if (json === undefined) return "not set";
  if (path.startsWith("credentials") || json.startsWith('{"secure"')) return "(secret)";
  const text = json.startsWith('"') ? JSON.parse(json) : json;
  // As much of a digest as tells it from others: the file has all of it.
  return text.replaceAll(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, "$1…");
}
