import type { CustomResourceOptions } from "@pulumi/pulumi";

/** One resource of the program `objects`. */
export interface Declared {
  name: string;
  object: { apiVersion: string; kind: string } & Record<string, unknown>;
  dependsOn?: string[];
  options?: CustomResourceOptions;
}

export function configMap(name: string, data: Record<string, string> = { key: "one" }, metadata: object = {}): Declared {
  return { name, object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata }, data } };
}

/** Its name is left to Pulumi. */
export function autonamedConfigMap(name: string): Declared {
  return { name, object: { apiVersion: "v1", kind: "ConfigMap", metadata: { labels: { app: name } }, data: { key: "one" } } };
}

/** @param spec of its pods, e.g. a node that there is not, so that it waits */
export function deployment(name: string, spec: object = {}, metadata: object = {}, replicas = 1): Declared {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "localhost/none:1" }], ...spec } };
  const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, ...metadata } };
  return { name, object: { ...object, spec: { replicas, selector: { matchLabels: labels }, template } } };
}

/** A pod that waits until the node has this label. */
export function waitsFor(label: string): object {
  return { nodeSelector: { [label]: "" } };
}
