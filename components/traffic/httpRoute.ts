import type { Levers } from "../levers/levers.ts";
import type { Plan } from "../plan/plan.ts";
import { type Backend, knownGood, type RouteState } from "./route.ts";

/** The Service with the pods of a track, or the one before all of them, which is where the maintenance page is. */
export const backendService = (app: string, to: Backend["to"]): string => (to === "maintenance" ? app : `${app}-${to}`);

interface RouteSpecArgs {
  plan: Plan;
  traffic: Levers["traffic"];
  route: RouteState;
}

/** What the API server would fill in is spelled out, so that state and cluster are alike field by field. */
const backendRef = (app: string, { to, weight }: Backend) => ({
  group: "",
  kind: "Service",
  name: backendService(app, to),
  port: 80,
  weight,
});

const everyPath = { type: "PathPrefix", value: "/" };

/** Requests that are told apart by path or by header, whatever else the route does with requests. */
function pinned({ headers }: Plan["traffic"], { endpoints = [], ...groups }: RouteState["pins"]) {
  const paths = endpoints.map((value) => ({ path: { type: "PathPrefix", value } }));
  const named = (["segments", "tenants"] as const).flatMap((kind) =>
    (groups[kind] ?? []).map((value) => ({ path: everyPath, headers: [{ type: "Exact", name: headers[kind], value }] })),
  );
  return [...paths, ...named];
}

/**
 * The spec of the HTTPRoute: pinned requests to the known-good track alone, all others by weight. The most specific match wins whatever
 * the order of the rules (longest path, then most headers); so pins come last, and a pin more or less leaves the rest as it is.
 */
export function routeSpec({ plan, traffic, route }: RouteSpecArgs) {
  const app = plan.service.name;
  const { gateway, hostnames = [] } = traffic;
  const matches = route.wanted.some(({ to }) => to === "maintenance") ? [] : pinned(plan.traffic, route.pins);
  return {
    parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", ...gateway }],
    ...(hostnames.length > 0 && { hostnames }),
    rules: [
      { matches: [{ path: everyPath }], backendRefs: route.backends.map((backend) => backendRef(app, backend)) },
      ...(matches.length > 0 ? [{ matches, backendRefs: [backendRef(app, { to: knownGood(route), weight: 100 })] }] : []),
    ],
  };
}
