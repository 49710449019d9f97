import type { V1Deployment } from "@kubernetes/client-node";
import type { StateResource } from "../stack/state.ts";
import type { Live } from "./live.ts";

/** Something in the cluster that is not as the last update left it. */
export interface Drift {
  /** `deployment/mindmend-backend`. */
  what: string;
  /** `spec.replicas`. */
  where: string;
  wanted: string;
  found: string;
}

interface Inputs {
  metadata?: { name?: string; annotations?: Record<string, string> };
  spec?: {
    replicas?: number;
    selector?: Record<string, string>;
    template?: V1Deployment["spec"] extends infer S ? (S extends { template: infer T } ? T : never) : never;
  };
}

/**
 * Where Deployments and Services of the cluster differ from the stack's state in what decides who answers: number of pods, image,
 * provider, settings, labels, selector. Cheap, so not everything: `pulumi refresh --preview-only` looks at all of it.
 */
export function driftOf(resources: readonly StateResource[], { deployments, services }: Pick<Live, "deployments" | "services">): Drift[] {
  return resources.flatMap(({ type, inputs }): Drift[] => {
    const wanted = inputs as Inputs | undefined;
    const name = wanted?.metadata?.name;
    if (name === undefined) return [];
    if (type === "kubernetes:apps/v1:Deployment") {
      const live = deployments.find(({ metadata }) => metadata?.name === name);
      return compared(`deployment/${name}`, live && aspects(wanted?.spec as Inputs["spec"]), live && aspects(live.spec as Inputs["spec"]));
    }
    if (type === "kubernetes:core/v1:Service") {
      const live = services.find(({ metadata }) => metadata?.name === name);
      return compared(
        `service/${name}`,
        live && { "spec.selector": flat(wanted?.spec?.selector) },
        live && { "spec.selector": flat(live.spec?.selector) },
      );
    }
    return [];
  });
}

function compared(
  what: string,
  wanted: Record<string, string | undefined> | undefined,
  found: Record<string, string | undefined> | undefined,
): Drift[] {
  if (!wanted || !found) return [{ what, where: "", wanted: "there", found: "gone" }];
  const all = Object.keys({ ...wanted, ...found });
  return all.flatMap((where) => {
    const [then, now] = [wanted[where] ?? "nothing", found[where] ?? "nothing"];
    // What the state has without a value is somebody else's to decide.
    return then === now || (where in wanted && wanted[where] === undefined) ? [] : [{ what, where, wanted: then, found: now }];
  });
}

/** What is compared of a Deployment. Its number of pods is left out where an autoscaler has it. */
function aspects(spec: Inputs["spec"]): Record<string, string | undefined> {
  const [container] = spec?.template?.spec?.containers ?? [];
  return {
    "spec.replicas": spec?.replicas === undefined ? undefined : String(spec.replicas),
    image: container?.image,
    ...Object.fromEntries((container?.env ?? []).map(({ name, value }) => [`env ${name}`, value ?? "(a reference)"])),
    envFrom: (container?.envFrom ?? []).map(({ configMapRef, secretRef }) => configMapRef?.name ?? secretRef?.name).join(", "),
    "pod labels": flat(spec?.template?.metadata?.labels),
  };
}

const flat = (labels: Record<string, string> = {}): string =>
  Object.entries(labels)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
