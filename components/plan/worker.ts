import { z } from "zod";
import { seconds } from "./common.ts";

/** Pods that take no traffic and work through jobs, with the image, settings, flags and credentials of stable. */
export const worker = z
  .strictObject({
    /** Name of its Deployment, as operators know it. */
    deployment: z.string(),
    /** What runs in the image instead of the service; on SIGTERM it takes no more jobs and finishes those it has. */
    command: z.array(z.string()).min(1),
    replicas: z.number().int().positive(),
    /** The longest that finishing them may take. */
    drainSeconds: seconds,
    /** Never two at a time, not even while one takes the other's place, as for a scheduler that would start everything twice. */
    alone: z.boolean().optional(),
  })
  .refine(({ alone, replicas }) => !alone || replicas === 1, { path: ["replicas"], error: "expected 1, since it is alone" });
