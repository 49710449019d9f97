import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Motion } from "../motion.ts";
import type { Traffic } from "./traffic.ts";

export interface ServiceArgs {
  name: string;
  /** Value of its `app` label. */
  app: string;
  selector: Record<string, string>;
  /** Seconds the cluster has for finding pods for it. */
  timeoutSeconds: number;
}

/** A Service on port 80 of the pods that the selector matches. */
export function makeService({ name, app, selector, timeoutSeconds }: ServiceArgs, opts: pulumi.CustomResourceOptions): Service {
  return new Service(
    name,
    {
      metadata: { name, labels: { app } },
      spec: { selector, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    },
    { ...opts, customTimeouts: { create: `${timeoutSeconds}s`, update: `${timeoutSeconds}s` } },
  );
}

export interface ReplicaTrafficArgs {
  app: string;
  motion: Motion;
  timeoutSeconds: number;
  parent: pulumi.Resource;
}

/** Traffic by one Service: every pod that it selects gets the same share, so a track weighs as much as it has pods. */
export function replicaTraffic({ app, motion, timeoutSeconds, parent }: ReplicaTrafficArgs): Traffic<Service> {
  return {
    order: motion.order,
    make: (dependsOn) => makeService({ name: app, app, selector: motion.selector, timeoutSeconds }, { parent, dependsOn }),
  };
}
