import { z } from "zod";

const port = z.number().int().min(1).max(65535);

/** Whom the system's pods talk with; left out, it is not restricted. The cluster's network has to know NetworkPolicies. */
export const network = z.strictObject({
  /** Namespaces whose pods may send it requests, beside its own and that of the stack's Gateway. */
  from: z.array(z.string()).default([]),
  /** Where else it may connect to than names (DNS), HTTPS anywhere and pods of its own namespace. */
  to: z.array(z.strictObject({ cidr: z.cidrv4().or(z.cidrv6()), port })).default([]),
});
