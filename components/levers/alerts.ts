import { z } from "zod";
import { boolean, text } from "./scalars.ts";

/** Whether the plan's triggers become a PrometheusRule in the cluster, which must know that kind; off unless it is asked for. */
export const alerts = z
  .strictObject({
    enabled: boolean().default(false),
    /** What the cluster's Prometheus selects its rules by. */
    labels: z.record(z.string(), text()).default({}),
    /** Address under which the runbook pages are found. */
    runbooks: text().optional(),
  })
  .prefault({});
