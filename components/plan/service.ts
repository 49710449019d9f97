import { z } from "zod";
import { seconds } from "./common.ts";

const track = z.strictObject({
  /** Name of the track's Deployment, as operators know it. */
  deployment: z.string(),
  /** Value of the pods' `version` label. */
  version: z.string(),
});

/** How stable grows beyond full capacity with its load; the canary is made large enough for its share of the largest. */
const autoscaling = z.strictObject({
  maxReplicas: z.number().int().positive(),
  /** Percentage of the CPU that the pods request, above which more of them start. */
  cpuPercent: z.number().int().min(1).max(100),
});

/** The service that is rolled back, as its operators know it. */
export const service = z.strictObject({
  /** Value of the pods' `app` label and name of the Service. */
  name: z.string(),
  /** Name of the container in the pods. */
  container: z.string(),
  /** Port the container listens on. */
  port: z.number().int().min(1).max(65535),
  /** Answers 200 when, and only when, a pod can take traffic. */
  healthPath: z.string().startsWith("/"),
  /** Pods at full capacity: what stable (or fallback) keeps while another track takes traffic. */
  replicas: z.number().int().positive(),
  autoscaling: autoscaling.optional(),
  /** How long a pod goes on answering after it was told to end, until every client has stopped choosing it. */
  preStopSeconds: seconds.default(3),
  /** How long a pod may take to finish what it has after that. */
  shutdownSeconds: seconds.default(15),
  resources: z.strictObject({
    requests: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.string()),
  }),
  /**
   * Folders that it writes to, each empty in a new pod; all else is read-only. A pod that has no volume at all, not even one for these, is
   * started 0.3 s sooner: the kubelet looks that seldom whether volumes are there.
   */
  writableFolders: z.array(z.string().startsWith("/")).default(["/tmp"]),
  tracks: z.strictObject({ stable: track, canary: track, fallback: track.optional() }),
});
