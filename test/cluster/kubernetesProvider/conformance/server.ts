import type { KubeObject } from "../../../../tools/kubernetes-provider/objects.ts";
import type { Props } from "../../../../tools/kubernetes-provider/values.ts";
import type { TestCluster } from "../testCluster.ts";

/** What the server has, seen with kubectl, by what an object is. */
export type Snapshot = Map<string, KubeObject>;

/** How kubectl names an object's kind without guessing: `Deployment.v1.apps`. */
export function kindOf({ apiVersion, kind }: Props): string {
  const [group, version] = String(apiVersion).includes("/") ? String(apiVersion).split("/") : ["", apiVersion];
  return `${kind}.${version}.${group}`;
}

export function keyOf(object: Props): string {
  const { namespace = "", name } = object.metadata as Props;
  return `${kindOf(object)} ${namespace}/${name}`;
}

/** The id of an object in state. */
export function idOf(object: Props): string {
  const { namespace, name } = object.metadata as Props;
  return namespace === undefined ? String(name) : `${namespace}/${name}`;
}

/** Every object of these objects' kinds. */
export async function look(on: TestCluster, objects: Props[]): Promise<Snapshot> {
  const kinds = [...new Set(objects.map(kindOf))].join(",");
  const { items } = JSON.parse(await on.kubectl("get", kinds, "--all-namespaces", "--show-managed-fields", "-o", "json")) as {
    items: KubeObject[];
  };
  return new Map(items.map((object) => [keyOf(object as unknown as Props), object]));
}

/** An object without what controllers write about it at any time: its status, and so its version. */
export function apartFromStatus(object: KubeObject | undefined): unknown {
  if (!object?.status) return object;
  const { status: _, metadata, ...rest } = object;
  const { resourceVersion: __, managedFields, ...kept } = metadata;
  return { ...rest, metadata: { ...kept, managedFields: managedFields?.filter(({ subresource }) => subresource !== "status") } };
}
