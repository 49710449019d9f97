import type { Props } from "../../../../tools/kubernetes-provider/values.ts";

/** A change to an object and what a preview must call it: `add spec.replicas`, one a changed path. */
export interface Change {
  /** JSON merge patch (RFC 7396): null removes. */
  patch: Props;
  paths: string[];
}

/** One kind: an object of it, how it changes in place, how only a replacement can change it, and how it drifts. */
export interface Row {
  title: string;
  /** The resource's logical name. */
  name: string;
  object: Props;
  update: Change;
  replace: Change;
  /** Made with kubectl behind Pulumi's back; the paths are what a refresh must find. */
  drift: Change;
}

/** An RFC 7396 merge patch, applied. */
export function merge(target: Props, patch: Props): Props {
  const result = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = isObject(value) ? merge(isObject(result[key]) ? result[key] : {}, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the server makes of an object's `stringData`. */
export function asServed({ stringData, ...object }: Props): Props {
  if (!isObject(stringData)) return object;
  const data = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString("base64")]);
  return { ...object, data: Object.fromEntries(data) };
}

const opposite: Record<string, string> = { add: "delete", delete: "add", update: "update" };

/** The paths of the change that takes another one back; a replacement where that one could only be taken back by one. */
export function undone(paths: string[]): string[] {
  return paths.map((path) => path.replace(/^(add|delete|update)/, (what) => opposite[what] as string));
}
