/** What an update that was killed had begun to make, and never told the state of. */

import { isObject } from "../../components/levers/scalars.ts";
import type { OpenStack } from "./open.ts";
import { exported, type StateResource } from "./state.ts";

interface Made extends StateResource {
  /** What a component lacks. */
  custom?: boolean;
  id?: string;
  /** Taken away so that what replaces it could be made. */
  pendingReplacement?: boolean;
  /** Replaced already, and taken away last. */
  delete?: boolean;
}

export interface Deployment {
  resources?: Made[];
  pending_operations?: { type: string; resource: Made }[];
}

/**
 * Puts what was begun into the stack's state, so that the next refresh finds it in the cluster or forgets it, and an update takes it
 * away where it is not declared. Pulumi itself only warns of it, and its `refresh --import-pending-creates` forgets what it is told of.
 */
export async function takeUp(stack: OpenStack): Promise<void> {
  const whole = await exported(stack);
  await stack.pulumi.run(["stack", "import"], JSON.stringify({ ...whole, deployment: takenUp(whole.deployment) }));
}

/**
 * A state in which Kubernetes objects that were being made are as if made. Those of other providers stay noted: their ids cannot be
 * known.
 */
export function takenUp(deployment: Deployment): Deployment {
  const { resources = [], pending_operations: pending = [] } = deployment;
  const isThere = new Set(resources.filter((resource) => !resource.pendingReplacement && !resource.delete).map(({ urn }) => urn));
  const begun = pending.filter(({ type, resource }) => type === "creating" && !isThere.has(resource.urn));
  const objects = begun.map(({ resource }) => resource).filter(({ type }) => isKubernetes(type));
  const made = new Map(objects.map((object) => [object.urn, { ...object, id: idOf(object) }]));
  const replaced = resources.map((resource) => (resource.pendingReplacement && take(made, resource.urn)) || resource);
  return {
    ...deployment,
    resources: [...replaced, ...made.values()],
    pending_operations: begun.filter(({ resource }) => isOfAnotherProvider(resource)),
  };
}

const isKubernetes = (type: string): boolean => type.startsWith("kubernetes:");
const isOfAnotherProvider = ({ type, custom }: Made): boolean => custom === true && !isKubernetes(type) && !type.startsWith("pulumi:");

function take<V>(from: Map<string, V>, key: string): V | undefined {
  const value = from.get(key);
  from.delete(key);
  return value;
}

function idOf({ inputs }: Made): string {
  const { namespace, name } = isObject(inputs?.metadata) ? inputs.metadata : {};
  return namespace === undefined ? String(name) : `${namespace}/${name}`;
}
