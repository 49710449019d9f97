import { readFileSync } from "node:fs";
import { CustomResource, type CustomResourceOptions, secret } from "@pulumi/pulumi";

/** One object of the program, registered under the type token that its apiVersion and kind have in Pulumi. */
interface Declared {
  name: string;
  object: { apiVersion: string; kind: string } & Record<string, unknown>;
  dependsOn?: string[];
  options?: CustomResourceOptions;
}

const declared: Declared[] = JSON.parse(readFileSync(new URL("objects.json", import.meta.url), "utf8"), (_key, value) =>
  value?.$secret === undefined ? value : secret(value.$secret),
);
/** Any kind: the SDK's classes add nothing but types. */
class KubernetesObject extends CustomResource {}

const made = new Map<string, CustomResource>();

for (const { name, object, dependsOn = [], options } of declared) {
  const { apiVersion, kind } = object;
  const token = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
  const before = dependsOn.flatMap((other) => made.get(other) ?? []);
  made.set(name, new KubernetesObject(token, name, object, { ...options, version: "4.28.0", dependsOn: before }));
}
