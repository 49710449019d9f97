/** Levers that say something of a stack or of a change, and change nothing themselves. */

import { z } from "zod";
import { ruleNames } from "../guards/names.ts";
import type { Plan } from "../plan/plan.ts";
import { quote, text } from "./scalars.ts";

/** A moment, with its zone: a stack file is read on machines in several. */
export const moment = () =>
  z.iso.datetime({
    offset: true,
    error: (issue) => `expected a time with its zone, like 2026-11-21T18:00:00Z, got ${quote(issue.input)}`,
  });

const reason = () => text().refine((value) => value.trim() !== "", { error: "is blank; expected why" });

/** How much is at stake: what must be written down about a change, and by which rules a rollout is slowed. */
export const environments = ["production", "staging", "development"] as const;

export const environment = z
  .enum(environments, { error: (issue) => `expected ${environments.join(", ")}, got ${quote(issue.input)}` })
  .default("production");

/** Who agreed: a role of the plan and a person, `engineeringLead:ada`. */
function approval({ contacts }: Plan) {
  const roles = Object.keys(contacts);
  return z.string({ error: (issue) => `expected <role>:<person>, got ${quote(issue.input)}` }).superRefine((value, context) => {
    const [, role, person] = /^([^:]+):(\S.*)$/.exec(value) ?? [];
    if (role === undefined || person === undefined) {
      context.addIssue({ code: "custom", message: `${quote(value)}: expected <role>:<person>, like ${roles[0] ?? "lead"}:ada` });
    } else if (!roles.includes(role)) {
      context.addIssue({
        code: "custom",
        message: `"${role}" is no role of this plan's contacts; there are ${roles.join(", ") || "none"}`,
      });
    }
  });
}

/** What a change is for, and who agreed to it. */
export function change(plan: Plan) {
  const names = Object.keys(plan.levels);
  const error = (issue: { input?: unknown }) => `${quote(issue.input)} is not a level of this plan; expected ${names.join(" or ")}`;
  return z.strictObject({
    /** The level that is carried out. */
    level: z.enum(names as [string, ...string[]], { error }).optional(),
    reason: z.string().optional(),
    severity: z.enum(["low", "medium", "high", "critical"]).optional(),
    incident: z.string().optional(),
    requestedBy: z.string().optional(),
    approvedBy: z.array(approval(plan)).optional(),
    /** Goes without the approvals that are missing, until then. */
    bypass: z.strictObject({ reason: reason(), by: text(), expiresAt: moment() }).optional(),
  });
}

/** Times in which nothing new is rolled out; rollbacks go on. */
export const freezes = z
  .array(
    z
      .strictObject({ from: moment(), until: moment(), reason: reason() })
      .refine(({ from, until }) => new Date(from) < new Date(until), { path: ["until"], error: "is not after from" }),
  )
  .default([]);

/** Rules that are not asked for, for a time: all there is of a rule, or what it says of one resource or lever. */
export const exemptions = z
  .array(
    z.strictObject({
      policy: z.enum(ruleNames, {
        error: (issue) => `${quote(issue.input)} is no rule; there are ${ruleNames.join(", ")}`,
      }),
      /** Name of a resource, or path of a lever, as the rule's message names it. */
      resource: text().optional(),
      reason: reason(),
      approvedBy: text(),
      expiresAt: moment(),
    }),
  )
  .default([]);
