import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import * as pulumi from "@pulumi/pulumi";
import { confined } from "./appPod.ts";
import { maintenanceSelector } from "./motion.ts";
import type { Plan } from "./plan/plan.ts";

export interface MaintenanceArgs {
  /** The plan's `service`: its port and health path are the page's too. */
  service: Plan["service"];
  /** What clients and people are answered. */
  page: NonNullable<Plan["maintenance"]>;
  /** The operations image (`operations/Dockerfile`). */
  image: string;
  /** Seconds the cluster has for making it ready. */
  timeoutSeconds: number;
}

/** Two, so that the page outlives the loss of one pod; a budget, so that no drain takes both. */
const replicas = 2;

/**
 * What answers while a system is in maintenance (row B3): 503 with `Retry-After` and the plan's page, 200 on the health path.
 *
 * Its pods carry the labels of {@link maintenanceSelector}, by which the Service finds them. Like a track it drops no request: it
 * is ready before it gets traffic, and goes on answering for `preStopSeconds` when it ends.
 */
export class Maintenance extends pulumi.ComponentResource {
  readonly deployment: Deployment;

  constructor(name: string, args: MaintenanceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Maintenance", name, {}, opts);
    const { service, timeoutSeconds } = args;
    const labels = maintenanceSelector(service.name);
    const customTimeouts = { create: `${timeoutSeconds}s`, update: `${timeoutSeconds}s`, delete: `${timeoutSeconds}s` };
    this.deployment = new Deployment(
      name,
      {
        metadata: { name, labels },
        spec: {
          replicas,
          selector: { matchLabels: labels },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "100%", maxUnavailable: 0 } },
          template: { metadata: { labels }, spec: podSpec(args) },
        },
      },
      { parent: this, customTimeouts },
    );
    new PodDisruptionBudget(
      name,
      { metadata: { name, labels }, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
      { parent: this },
    );
    this.registerOutputs({ deployment: this.deployment.metadata.name });
  }
}

function podSpec({ service, page, image }: MaintenanceArgs) {
  const env = {
    PORT: String(service.port),
    HEALTH_PATH: service.healthPath,
    RETRY_AFTER_SECONDS: String(page.retryAfterSeconds),
    TITLE: page.title,
    TEXT: page.text,
  };
  const probe = { httpGet: { path: service.healthPath, port: "http" }, timeoutSeconds: 2 };
  return {
    ...confined.pod,
    terminationGracePeriodSeconds: service.preStopSeconds + service.shutdownSeconds,
    containers: [
      {
        ...confined.container,
        name: "maintenance",
        image,
        args: ["/app/maintenance.mjs"],
        ports: [{ name: "http", containerPort: service.port }],
        env: Object.entries(env).map(([name, value]) => ({ name, value })),
        resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "128Mi" } },
        readinessProbe: { ...probe, periodSeconds: 1 },
        livenessProbe: { ...probe, periodSeconds: 10 },
        lifecycle: { preStop: { sleep: { seconds: service.preStopSeconds } } },
      },
    ],
  };
}
