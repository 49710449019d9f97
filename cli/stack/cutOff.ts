/** What an update that was killed had begun to make, and never told the state of. */

import { isObject } from "../../components/levers/scalars.ts";
import type { OpenStack } from "./open.ts";
import { exported, type StateResource } from "./state.ts";

interface Made extends StateResource {
  /** What a component lacks. */
  custom?: boolean;
  id?: string;
  parent?: string;
  /** `<urn>::<id>`. */
  provider?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
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
 * A state in which Kubernetes objects that were being made are as if made. What cannot be known that way stays noted: objects of other
 * providers, whose ids are their own, and those whose parent or provider is gone.
 */
export function takenUp(deployment: Deployment): Deployment {
  const { resources = [], pending_operations: pending = [] } = deployment;
  const isThere = new Set(resources.filter((resource) => !resource.pendingReplacement && !resource.delete).map(({ urn }) => urn));
  const begun = pending.filter(({ type, resource }) => type === "creating" && !isThere.has(resource.urn));
  const belongs = ({ parent = "", provider = "" }: Made) =>
    isThere.has(parent) && isThere.has(provider.slice(0, provider.lastIndexOf("::")));
  const isKnown = (resource: Made) => resource.type.startsWith("kubernetes:") && belongs(resource);
  const objects = begun.map(({ resource }) => resource).filter(isKnown);
  const made = new Map(objects.map((object) => [object.urn, { ...object, id: idOf(object) }]));
  const inPlace = resources.map((resource) => (resource.pendingReplacement && made.get(resource.urn)) || resource);
  const added = new Set(made.values());
  return {
    ...deployment,
    resources: inOrder(new Set([...inPlace, ...added]), added),
    pending_operations: begun.filter(({ resource }) => isMadeByProvider(resource) && !isKnown(resource)),
  };
}

/** Components and providers are made anew without leaving anything behind. */
const isMadeByProvider = ({ type, custom }: Made): boolean => custom === true && !type.startsWith("pulumi:");

/** A note may be older than what the state has: what it leaned on may be gone, or come after it by now. */
function inOrder(resources: ReadonlySet<Made>, added: ReadonlySet<Made>): Made[] {
  const before = new Set<string>();
  return [...resources].map((resource) => {
    const ordered = added.has(resource) ? leaningOn(resource, before) : resource;
    before.add(resource.urn);
    return ordered;
  });
}

function leaningOn({ dependencies = [], propertyDependencies = {}, ...rest }: Made, there: ReadonlySet<string>): Made {
  const known = (urns: readonly string[]) => urns.filter((urn) => there.has(urn));
  const byProperty = Object.entries(propertyDependencies).map(([name, urns]) => [name, known(urns)]);
  return { ...rest, dependencies: known(dependencies), propertyDependencies: Object.fromEntries(byProperty) };
}

function idOf({ inputs }: Made): string {
  const { namespace, name } = isObject(inputs?.metadata) ? inputs.metadata : {};
  return namespace === undefined ? String(name) : `${namespace}/${name}`;
}
