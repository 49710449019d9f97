import { z } from "zod";

const resourceName = z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, "expected lower-case letters, digits and dashes");

/** A part of a feature that is called by an address of its own. */
const function_ = z.strictObject({
  /** What runs in the image in place of the service; it answers on the service's port and health path. */
  command: z.array(z.string()).min(1),
  replicas: z.number().int().positive().default(1),
});

/** A part of the system that can be taken away as a whole and brought back: functions, with stable's image, settings and flags. */
export const feature = z.strictObject({
  title: z.string(),
  /** Rows of the team's document that it answers. */
  rows: z.array(z.string()).default([]),
  /** Whether a stack that says nothing of it has it. */
  default: z.boolean().default(true),
  /** By name of their Deployment and Service. */
  functions: z.record(resourceName, function_),
});
