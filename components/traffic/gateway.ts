import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Levers } from "../levers/levers.ts";
import { type TrackState, trackLabel } from "../motion.ts";
import type { Plan } from "../plan/plan.ts";
import { backendService, routeSpec } from "./httpRoute.ts";
import { makeService } from "./replicas.ts";
import type { RouteMotion } from "./route.ts";
import type { Traffic } from "./traffic.ts";

export interface GatewayTrafficArgs {
  plan: Plan;
  traffic: Levers["traffic"];
  route: RouteMotion;
  tracks: readonly TrackState[];
  timeoutSeconds: number;
  parent: pulumi.Resource;
}

/** A route that its Gateway does not take up routes nothing: the update waits for the word of this one, and fails without it. */
const takenUp = (gateway: string): string =>
  JSON.stringify(
    ["Accepted", "ResolvedRefs"].map(
      (type) => `jsonpath={.status.parents[?(@.parentRef.name=="${gateway}")].conditions[?(@.type=="${type}")].status}=True`,
    ),
  );

/** Traffic by an HTTPRoute (Gateway API v1): exact weights between a Service for each track, and pins by path and by header. */
export function gatewayTraffic(args: GatewayTrafficArgs): Traffic {
  const { plan, traffic, route, tracks, timeoutSeconds, parent } = args;
  const app = plan.service.name;
  return {
    order: route.order,
    make(dependsOn) {
      // A Service of a track without pods would be waited for.
      const services = new Map<string, Service>();
      for (const { track } of tracks.filter(({ replicas }) => replicas > 0)) {
        const name = backendService(app, track);
        services.set(name, makeService({ name, app, selector: { app, [trackLabel]: track }, timeoutSeconds }, { parent }));
      }
      const spec = routeSpec(args);
      // Not of all: a track that is new in this update may itself wait for the route.
      const named = spec.rules.flatMap(({ backendRefs }) => backendRefs.flatMap(({ name }) => services.get(name) ?? []));
      return new CustomResource(
        `${app}-route`,
        {
          apiVersion: "gateway.networking.k8s.io/v1",
          kind: "HTTPRoute",
          metadata: { name: app, labels: { app }, annotations: { "pulumi.com/waitFor": takenUp(traffic.gateway?.name ?? "") } },
          spec,
        },
        {
          parent,
          dependsOn: [...dependsOn, ...named],
          customTimeouts: { create: `${timeoutSeconds}s`, update: `${timeoutSeconds}s` },
        },
      );
    },
  };
}
