import { holds } from "./fields.ts";
import { IDENTITY, type MutableKinds, replacingPaths, surelyInPlace } from "./immutable.ts";
import { isAutonamed, isNamed } from "./naming.ts";
import { type KubeObject, metadataOf } from "./objects.ts";
import { isUnder, overlaps, parsePath, type Step } from "./paths.ts";
import { sameQuantity } from "./quantity.ts";
import { heldBy } from "./takeover.ts";
import { equal, isProps, type Props, plain, type Value } from "./values.ts";

export interface Change {
  path: Step[];
  what: "add" | "delete" | "update";
  replaces: boolean;
}

export interface Difference {
  changes: Change[];
  deleteBeforeReplace: boolean;
}

export interface DiffRequest {
  oldInputs: Props;
  newInputs: Props;
  live: KubeObject;
  fieldManager: string;
  ignore: string[];
  mutable: MutableKinds;
  /** Whether only fields are set of an object that something else owns: they are given back rather than the object replaced. */
  patches: boolean;
  /** Asks the server which of these changed fields cannot change in place; called only where the tables do not tell. */
  refused(changes: Change[]): Promise<Step[][]>;
}

/** What an update would change, and whether it takes a replacement. */
export async function difference(request: DiffRequest): Promise<Difference> {
  const { oldInputs, newInputs, live } = request;
  if (equal(oldInputs, newInputs)) return { changes: [], deleteBeforeReplace: false };
  const [before, after] = [plain(oldInputs), plain(newInputs)];
  const ignored = request.ignore.map(parsePath);
  const owned = heldBy(live, request.fieldManager);
  const changes = compare(before, after).filter(
    ({ path, what }) =>
      !ignored.some((pattern) => isUnder(path, pattern)) &&
      // What our manager never held stays on the server when it leaves the inputs: nothing changes (an import, for one).
      (what !== "delete" || holds(owned, live, path)),
  );
  const { apiVersion, kind } = { apiVersion: String(after.apiVersion), kind: String(after.kind) };
  const isImmutable = before.immutable === true || live.immutable === true;
  const replacing = request.patches ? IDENTITY : replacingPaths(apiVersion, kind, request.mutable, isImmutable);
  for (const pattern of replacing) {
    for (const change of changes) change.replaces ||= overlaps(change.path, pattern);
  }
  for (const change of changes) change.replaces ||= change.path[0] === "kind";
  const unsure = request.patches ? [] : changes.filter(({ path }) => !surelyInPlace(apiVersion, kind, path));
  if (unsure.length > 0 && !changes.some(({ replaces }) => replaces)) {
    for (const path of await request.refused(unsure)) {
      for (const change of unsure) change.replaces ||= overlaps(change.path, path);
    }
  }
  return { changes, deleteBeforeReplace: changes.some(({ replaces }) => replaces) && keepsItsName(after, live) };
}

/** Two objects of one name cannot be there at once, so the old one has to go first. */
export function keepsItsName(inputs: Props, live: KubeObject): boolean {
  const { name, namespace } = metadataOf(inputs);
  return isNamed(inputs) && !isAutonamed(inputs) && name === live.metadata.name && (namespace ?? "") === (live.metadata.namespace ?? "");
}

export function compare(before: Value, after: Value, path: Step[] = []): Change[] {
  if (isProps(before) && isProps(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].sort().flatMap((key) => compareItem(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => compareItem(before[index], after[index], [...path, index])).flat();
  }
  return equal(before, after) || sameScalar(before, after, path) ? [] : [{ path, what: "update", replaces: false }];
}

function compareItem(before: Value | undefined, after: Value | undefined, path: Step[]): Change[] {
  if (before !== undefined && after !== undefined) return compare(before, after, path);
  return [{ path, what: before === undefined ? "add" : "delete", replaces: false }];
}

/** Where the server writes amounts in a form of its own. */
const AMOUNTS = new Set(["limits", "requests", "hard", "capacity", "overhead", "sizeLimit", "averageValue", "divisor", "storage"]);

function sameScalar(before: Value, after: Value, path: Step[]): boolean {
  return path.some((step) => AMOUNTS.has(String(step))) && sameQuantity(before, after);
}
