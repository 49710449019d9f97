import { z } from "zod";
import { minutes, role } from "./common.ts";

/** Who is called for what. Roles only: names and numbers of people belong in a team's directory, not in a repository. */
export const contact = z.strictObject({
  /** What the team calls the role. */
  title: z.string(),
  /** What this role is called for. */
  issues: z.array(z.string()).default([]),
  /** Role that takes over when this one cannot mend it. */
  escalatesTo: role.optional(),
});

/** Who is on call when. */
export const onCall = z.strictObject({ when: z.string(), primary: role, backup: role });

/** Who is called when nobody before them has mended it in time. */
export const escalationStep = z.strictObject({
  role,
  /** Minutes after the incident began. */
  afterMinutes: minutes,
  /** Where not everything escalates this far: what does. */
  when: z.string().optional(),
});
