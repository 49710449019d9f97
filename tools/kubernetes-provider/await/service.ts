import type { V1EndpointSlice, V1Service } from "@kubernetes/client-node";
import { type Awaiter, labelQuery, podsOf, ready, type Verdict, type View } from "./awaiter.ts";
import { isReady, isTerminating, podTroubles } from "./pods.ts";

/** A selector without pods may be meant so; the official provider waits as long for one to appear. */
const NO_PODS_GRACE_MS = 10_000;

/** Done when traffic goes to ready pods of the selector and to no others, and a load balancer has its address. */
export const service: Awaiter = {
  dependsOnOthers: true,
  assess(view) {
    const { spec, status } = view.object as unknown as V1Service;
    if (spec?.type === "ExternalName") return ready;
    if (spec?.type === "LoadBalancer" && !status?.loadBalancer?.ingress?.length) {
      return { state: "waiting", progress: "waiting for the load balancer's address", causes: balancerTroubles(view) };
    }
    return Object.keys(spec?.selector ?? {}).length === 0 ? ready : endpoints(view);
  },

  related(object) {
    const { spec } = object as unknown as V1Service;
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${object.metadata.namespace}/endpointslices`;
    return {
      ...podsOf(object, labelQuery({ matchLabels: spec?.selector ?? {} })),
      slices: { path: slices, labelSelector: `kubernetes.io/service-name=${object.metadata.name}` },
    };
  },
};

function endpoints(view: View): Verdict {
  if (!view.listed.has("slices") || !view.listed.has("pods")) return { state: "waiting", progress: "looking for its pods", causes: [] };
  if (view.denied.has("slices") || view.denied.has("pods")) {
    return { state: "ready", warning: "it was not awaited: this user may not list pods and endpointslices there" };
  }
  const pods = view.pods.filter((pod) => !isTerminating(pod) && pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed");
  const targets = readyTargets(view.related.slices as unknown as V1EndpointSlice[]);
  const serving = pods.filter((pod) => targets.has(pod.metadata?.uid));
  const strangers = targets.size - serving.length;
  if (serving.length > 0 && strangers === 0) return ready;
  if (pods.length === 0 && strangers === 0) {
    const { selector } = (view.object as unknown as V1Service).spec ?? {};
    const nobody = `no pod has the labels of its selector (${labelQuery({ matchLabels: selector })})`;
    const recheckMs = NO_PODS_GRACE_MS - view.elapsedMs;
    if (recheckMs <= 0) return { state: "ready", warning: `${nobody}, so it has nowhere to send traffic` };
    return { state: "waiting", progress: `${nobody} yet; waiting up to ${NO_PODS_GRACE_MS / 1000} s for one`, causes: [], recheckMs };
  }
  const progress =
    strangers > 0
      ? `${strangers} endpoints of the old selector still there`
      : `${pods.filter(isReady).length} of ${pods.length} pods ready`;
  return { state: "waiting", progress, causes: podTroubles(pods, view).causes };
}

/** Uids of the pods that traffic goes to now. */
function readyTargets(slices: V1EndpointSlice[]): Set<string | undefined> {
  const all = slices.flatMap((slice) => slice.endpoints ?? []);
  const serving = all.filter((endpoint) => endpoint.conditions?.ready !== false && endpoint.conditions?.terminating !== true);
  return new Set(serving.map((endpoint) => endpoint.targetRef?.uid));
}

function balancerTroubles(view: View): string[] {
  const { uid } = view.object.metadata;
  return view.events
    .filter((event) => event.involvedObject.uid === uid)
    .map((event) => event.message ?? "")
    .slice(-1);
}
