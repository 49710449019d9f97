import structs from "google-protobuf/google/protobuf/struct_pb.js";

type Struct = structs.Struct;

/** A value the engine must encrypt in state and hide on screen. */
export class Secret {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

/** A value that a preview cannot know yet. */
export class Unknown {}

export const unknown = new Unknown();

export type Value = null | boolean | number | string | Value[] | Props | Secret | Unknown;

export interface Props {
  [key: string]: Value;
}

/** Annotation in which `kubectl apply` remembers what it was given. */
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const UNKNOWNS = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isProps(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret) && !(value instanceof Unknown);
}

/** Reads what the engine sent; nulls in objects are dropped, as the official provider does. */
export function decode(struct: Struct | undefined): Props {
  return struct ? (revive(struct.toJavaScript() as Props, "") as Props) : {};
}

function revive(value: Value, path: string): Value {
  if (typeof value === "string") return UNKNOWNS.has(value) ? unknown : value;
  if (Array.isArray(value)) return value.map((item, index) => revive(item, `${path}[${index}]`));
  if (!isProps(value)) return value;
  const signature = value[SIGNATURE];
  if (signature === SECRET) return new Secret(revive(value.value ?? null, path));
  if (signature === OUTPUT) {
    const inner = value.value === undefined ? unknown : revive(value.value, path);
    return value.secret === true ? new Secret(inner) : inner;
  }
  if (signature !== undefined)
    throw new Error(`${path || "the inputs"}: assets, archives and resource references cannot be sent to Kubernetes`);
  const result: Props = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== null) result[key] = revive(item, path ? `${path}.${key}` : key);
  }
  return result;
}

export function encode(props: Props): Struct {
  return structs.Struct.fromJavaScript(replace(props) as Record<string, structs.JavaScriptValue>);
}

function replace(value: Value): Value {
  if (value instanceof Secret) return { [SIGNATURE]: SECRET, value: replace(value.value) };
  if (value instanceof Unknown) return UNKNOWN;
  if (Array.isArray(value)) return value.map(replace);
  if (!isProps(value)) return value;
  const result: Props = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== null && item !== undefined) result[key] = replace(item);
  }
  return result;
}

/** The same value with the secret marks taken off (unknowns stay). */
export function plain<T extends Value>(value: T): T {
  return strip(value) as T;
}

function strip(value: Value): Value {
  if (value instanceof Secret) return strip(value.value);
  if (Array.isArray(value)) return value.map(strip);
  if (!isProps(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, strip(item)]));
}

export function hasUnknown(value: Value): boolean {
  if (value instanceof Unknown) return true;
  if (value instanceof Secret) return hasUnknown(value.value);
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isProps(value) && Object.values(value).some(hasUnknown);
}

export function hasSecret(value: Value): boolean {
  if (value instanceof Secret) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isProps(value) && Object.values(value).some(hasSecret);
}

/** Every string that lies inside a secret, so that messages can hide it. */
export function secretStrings(value: Value, inside = false): string[] {
  if (value instanceof Secret) return secretStrings(value.value, true);
  if (typeof value === "string") return inside ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretStrings(item, inside));
  return isProps(value) ? Object.values(value).flatMap((item) => secretStrings(item, inside)) : [];
}

/**
 * Marks in `target` what was secret in `source`. Objects are walked, so one secret does not hide a whole object; a list with a
 * secret in it is hidden whole, since servers may reorder lists. A Secret's `data` and `stringData` are always secret.
 */
export function markSecrets(target: Props, source: Props): Props {
  const result: Props = { ...target };
  if (result.kind === "Secret" && result.apiVersion === "v1") {
    for (const key of ["data", "stringData"]) {
      if (result[key] !== undefined && !(result[key] instanceof Secret)) result[key] = new Secret(result[key]);
    }
    hideLastApplied(result);
  }
  for (const [key, from] of Object.entries(source)) {
    const value = result[key];
    if (value === undefined || value instanceof Secret) continue;
    if (isProps(value) && isProps(from)) result[key] = markSecrets(value, from);
    else if (hasSecret(from)) result[key] = new Secret(value);
  }
  return result;
}

/** `kubectl apply` keeps all that it was given, data and all, in an annotation. */
function hideLastApplied(object: Props): void {
  const metadata = isProps(object.metadata) ? object.metadata : {};
  const annotations = isProps(metadata.annotations) ? metadata.annotations : {};
  const text = annotations[LAST_APPLIED];
  if (text === undefined || text instanceof Secret) return;
  object.metadata = { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: new Secret(text) } };
}

/** Equal by value; secret marks do not count, an unknown equals nothing. */
export function equal(left: Value | undefined, right: Value | undefined): boolean {
  if (left instanceof Secret) return equal(left.value, right);
  if (right instanceof Secret) return equal(left, right.value);
  if (left instanceof Unknown || right instanceof Unknown) return false;
  if (left === right) return true;
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) && Array.isArray(right) && left.length === right.length && left.every((item, index) => equal(item, right[index]))
    );
  }
  if (!isProps(left) || !isProps(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => key in right && equal(left[key], right[key]));
}
