import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

/** Of whatever type. */
class Resource extends pulumi.CustomResource {}

/** Its id is not known before it is there. */
const known = new Resource("kubernetes:core/v1:ConfigMap", "first", { metadata: { name: "first" }, data: {} });
const unknown = "<unknown>";

/** @returns {unknown} */
function filled(/** @type {unknown} */ value) {
  if (value === unknown) return known.id;
  if (Array.isArray(value)) return value.map(filled);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]));
}

/** @type {{ type: string, name: string, inputs: object, opts?: object }[]} */
const resources = JSON.parse(readFileSync(new URL("./resources.json", import.meta.url), "utf8"));
for (const { type, name, inputs, opts } of resources) {
  const all = /** @type {pulumi.Inputs} */ (filled(inputs));
  new Resource(type, name, all, opts);
}
