import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import type { Levers } from "./levers/levers.ts";
import { Maintenance, type MaintenanceArgs } from "./maintenance.ts";
import { decideMotion, type Motion, MotionError, type TrackState } from "./motion.ts";
import type { Plan } from "./plan/plan.ts";
import { Track, type TrackArgs } from "./track.ts";
import { gatewayTraffic } from "./traffic/gateway.ts";
import { replicaTraffic } from "./traffic/replicas.ts";
import { decideRoute, type RouteMotion, type RouteState } from "./traffic/route.ts";
import type { Traffic } from "./traffic/traffic.ts";

/** A track as the stack wants it: how to run it, and how it takes part in traffic. */
export interface ReleaseTrack extends Omit<TrackArgs, "service" | "timeoutSeconds"> {
  state: TrackState;
  /** What the pods cannot start without: their settings, flags and credentials. */
  requires: readonly pulumi.Resource[];
}

export interface ReleaseArgs {
  /** Its `service` and fallback provider. */
  plan: Plan;
  /** Every track that runs, with what its pods are given and whether it takes traffic. */
  tracks: readonly ReleaseTrack[];
  /** What answers instead of the tracks, which then have no pods. */
  maintenance?: Pick<MaintenanceArgs, "page" | "image"> | undefined;
  /** For a route through a Gateway beside the Service: the canary's percentage of traffic, and whose requests go to stable alone. */
  gateway?: { weight: number; traffic: Levers["traffic"]; pins: Levers["pins"] } | undefined;
  /** What the update before left: decides which way traffic moves. Nothing on the first one. */
  last: { tracks: readonly TrackState[]; selector: Record<string, string>; route?: RouteState | undefined } | undefined;
  /** Seconds the cluster has for making each of them ready. */
  timeoutSeconds: number;
}

/**
 * The tracks of a system and what sends traffic to them: the Service, by replica weighting, and where a stack asks for it a Gateway's route.
 *
 * The order between tracks and each of the two is declared for each update by its direction (see {@link decideMotion} and
 * {@link decideRoute}).
 */
export class Release extends pulumi.ComponentResource {
  readonly service: Service;
  /** Resolves when every track and what sends traffic to them are ready. */
  readonly ready: pulumi.Output<unknown>;
  /** What the Service selects, and when it changes. */
  readonly motion: Motion;
  /** Where the route sends requests, and when it changes. */
  readonly route: RouteMotion | undefined;

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Release", name, {}, opts);
    const { plan, tracks, maintenance, gateway, last, timeoutSeconds } = args;
    const { service } = plan;
    const next = tracks.map(({ state }) => state);
    const common = {
      fallbackProvider: plan.providers.fallback,
      capacity: service.replicas,
      next,
      last,
      maintenance: maintenance !== undefined,
    };
    this.motion = orRefusal(() => decideMotion({ app: service.name, ...common }));
    const route = gateway && orRefusal(() => decideRoute({ weight: gateway.weight, pins: gateway.pins, ...common }));
    this.route = route;

    const page = maintenance && new Maintenance(`${name}-maintenance`, { ...maintenance, service, timeoutSeconds }, { parent: this });
    const traffic = { timeoutSeconds, parent: this };
    const byReplicas = replicaTraffic({ app: service.name, motion: this.motion, ...traffic });
    const byRoute = gateway && route && gatewayTraffic({ plan, ...gateway, route, tracks: next, ...traffic });
    const first = (some: Traffic | undefined): boolean => some?.order === "traffic-first";

    const pages = page ? [page.deployment] : [];
    const firstService = first(byReplicas) ? byReplicas.make(pages) : undefined;
    // Out of service the route goes by the Service, so that comes before it.
    const firstRoute = first(byRoute) ? byRoute?.make(page && firstService ? [firstService] : []) : undefined;
    const before = [firstService, firstRoute].filter((made) => made !== undefined);
    // Whose number of pods is an autoscaler's cannot be told to have none.
    const there = tracks.filter(({ autoscaling, replicas }) => !autoscaling || replicas > 0);
    const deployments = there.map(({ requires, ...track }) => {
      const trackArgs = { ...track, service, timeoutSeconds };
      return new Track(`${name}-${track.track}`, trackArgs, { parent: this, dependsOn: [...before, ...requires] }).deployment;
    });
    this.service = firstService ?? byReplicas.make(deployments);
    const lastRoute = firstRoute ?? byRoute?.make(deployments);

    this.ready = pulumi.all([this.service, ...(lastRoute ? [lastRoute] : []), ...deployments].map(({ id }) => id));
    this.registerOutputs({ service: this.service.metadata.name });
  }
}

function orRefusal<T>(decide: () => T): T {
  try {
    return decide();
  } catch (error) {
    throw error instanceof MotionError ? new pulumi.RunError(error.message) : error;
  }
}
