import { Service } from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { Maintenance, type MaintenanceArgs } from "./maintenance.ts";
import { decideMotion, type Motion, type MotionArgs, MotionError, type TrackState } from "./motion.ts";
import type { Plan } from "./plan/plan.ts";
import { Track, type TrackArgs } from "./track.ts";

/** A track as the stack wants it: how to run it, and how it takes part in traffic. */
export interface ReleaseTrack extends Omit<TrackArgs, "service" | "timeoutSeconds"> {
  state: TrackState;
  /** What the pods cannot start without: their settings, flags and credentials. */
  requires: readonly pulumi.Resource[];
}

export interface ReleaseArgs {
  plan: Plan;
  tracks: readonly ReleaseTrack[];
  /** What answers instead of the tracks, which then have no pods. */
  maintenance?: Pick<MaintenanceArgs, "page" | "image"> | undefined;
  /** What the last successful update left; nothing on the first one. */
  last: { tracks: readonly TrackState[]; selector: Record<string, string> } | undefined;
  timeoutSeconds: number;
}

/**
 * The tracks of a system and the Service that sends traffic to them, by replica weighting.
 *
 * The order between the two is declared for each update by its direction (see {@link decideMotion}).
 */
export class Release extends pulumi.ComponentResource {
  readonly service: Service;
  /** Resolves when every track and the Service are ready. */
  readonly ready: pulumi.Output<unknown>;
  /** What the Service selects, and when it changes. */
  readonly motion: Motion;

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Release", name, {}, opts);
    const { plan, tracks, maintenance, timeoutSeconds } = args;
    this.motion = motionOrRefusal({
      app: plan.service.name,
      fallbackProvider: plan.providers.fallback,
      capacity: plan.service.replicas,
      next: tracks.map(({ state }) => state),
      last: args.last,
      maintenance: maintenance !== undefined,
    });
    const { service } = plan;
    const page = maintenance && new Maintenance(`${name}-maintenance`, { ...maintenance, service, timeoutSeconds }, { parent: this });
    const makeTracks = (dependsOn: pulumi.Resource[]): Track["deployment"][] =>
      tracks.map(({ requires, ...track }) => {
        const trackArgs = { ...track, service, timeoutSeconds };
        return new Track(`${name}-${track.track}`, trackArgs, { parent: this, dependsOn: [...dependsOn, ...requires] }).deployment;
      });

    let deployments: Track["deployment"][];
    if (this.motion.order === "traffic-first") {
      this.service = this.makeService(plan, timeoutSeconds, page ? [page.deployment] : []);
      deployments = makeTracks([this.service]);
    } else {
      deployments = makeTracks([]);
      this.service = this.makeService(plan, timeoutSeconds, deployments);
    }
    this.ready = pulumi.all([this.service.id, ...deployments.map(({ id }) => id)]);
    this.registerOutputs({ service: this.service.metadata.name });
  }

  private makeService({ service }: Plan, timeoutSeconds: number, dependsOn: pulumi.Resource[]): Service {
    return new Service(
      service.name,
      {
        metadata: { name: service.name, labels: { app: service.name } },
        spec: { selector: this.motion.selector, ports: [{ name: "http", port: 80, targetPort: "http" }] },
      },
      { parent: this, dependsOn, customTimeouts: { create: `${timeoutSeconds}s`, update: `${timeoutSeconds}s` } },
    );
  }
}

function motionOrRefusal(args: MotionArgs): Motion {
  try {
    return decideMotion(args);
  } catch (error) {
    throw error instanceof MotionError ? new pulumi.RunError(error.message) : error;
  }
}
