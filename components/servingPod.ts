import { type AppPodArgs, appPod } from "./appPod.ts";

export interface ServingPodArgs extends AppPodArgs {
  /** Which track answers are said to come from. */
  track: string;
  /** What runs in the image, where that is not the image's own. */
  command?: readonly string[] | undefined;
  /** Labels of the pods that stand in for one another, to be spread over nodes. */
  selector: Record<string, string>;
}

/** The pod of whatever answers requests: ready before it gets any, and gone only after it has answered the last. */
export function servingPod({ track, command, selector, ...args }: ServingPodArgs) {
  const { service } = args;
  const serving = { PORT: String(service.port), TRACK: track, SHUTDOWN_GRACE_SECONDS: String(service.shutdownSeconds) };
  const { pod, container } = appPod({ ...args, env: { ...args.env, ...serving } });
  return {
    ...pod,
    terminationGracePeriodSeconds: service.preStopSeconds + service.shutdownSeconds,
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selector },
      },
    ],
    containers: [
      {
        ...container,
        ...(command ? { command: [...command] } : {}),
        ports: [{ name: "http", containerPort: service.port }],
        readinessProbe: { httpGet: { path: service.healthPath, port: "http" }, periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 3 },
        livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 10, failureThreshold: 3 },
        lifecycle: { preStop: { sleep: { seconds: service.preStopSeconds } } },
      },
    ],
  };
}

/** A Deployment never goes below its capacity while it changes. */
export const withoutGap = { type: "RollingUpdate", rollingUpdate: { maxSurge: "100%", maxUnavailable: 0 } } as const;
