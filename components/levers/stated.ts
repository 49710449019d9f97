/** Levers that say something of a stack or of a change, and change nothing themselves. */

import { z } from "zod";
import { ruleNames } from "../guards/names.ts";
import { severity } from "../plan/common.ts";
import type { Plan } from "../plan/plan.ts";
import { nearest } from "./nearest.ts";
import { fields, listOf, moment, oneOf, words } from "./said.ts";
import { isObject, quote } from "./scalars.ts";

/** How much is at stake: what must be written down about a change, and by which rules a rollout is slowed. */
export const environments = ["production", "staging", "development"] as const;

export const environment = oneOf("environment", environments).default("production");

const why = () => words("why", "<why>");
const whom = () => words("who", "<person>");

/** Who agreed: a role of the plan and a person, `engineeringLead:ada`. */
function approval({ contacts }: Plan) {
  const roles = Object.keys(contacts);
  return words("<role>:<person>", "<role>:<person>").superRefine((text, context) => {
    const refuse = (message: string, value: string): void => context.addIssue({ code: "custom", message, params: { value } });
    const [, role, person] = /^([^:]+):\s*(\S.*)$/.exec(text) ?? [];
    if (role === undefined || person === undefined) {
      const [named = ""] = text.split(":");
      refuse(`${quote(text)}: expected <role>:<person>`, roles.includes(named) ? `${named}:<person>` : `<role>:${text}`);
    } else if (!roles.includes(role)) {
      const near = nearest(role, roles);
      const hint = near ? ` Did you mean ${near}?` : "";
      refuse(`"${role}" is no role of this plan.${hint} There are ${roles.join(", ") || "none"}.`, `${near ?? "<role>"}:${person}`);
    }
  });
}

/** A list, entry by entry: on one text with commas, `pulumi config set --path 'change.approvedBy[1]'` would not work. */
function approvals(plan: Plan) {
  const list = z.array(approval(plan));
  return z
    .unknown()
    .superRefine((raw, context) => {
      if (Array.isArray(raw)) return;
      const given = String(isObject(raw) ? "<role>:<person>" : raw).split(",");
      const set = given.map((entry, index) => `pulumi config set --path 'change.approvedBy[${index}]' ${entry.trim()}`);
      const command = ["pulumi config rm --path change.approvedBy", ...set].join(" && ");
      context.addIssue({ code: "custom", message: `expected a list, got ${quote(raw)}`, params: { command } });
    })
    .pipe(list);
}

/** What a change is for, and who agreed to it. */
export const change = (plan: Plan) =>
  fields({
    /** The level that is carried out. */
    level: oneOf("level of this plan", Object.keys(plan.levels)).optional(),
    reason: why().optional(),
    severity: oneOf("severity", severity.options).optional(),
    incident: words("the incident", "<incident>").optional(),
    requestedBy: whom().optional(),
    approvedBy: approvals(plan).optional(),
    /** Goes without the approvals that are missing, until then. */
    bypass: fields({ reason: why(), by: whom(), expiresAt: moment() }).optional(),
  });

const freeze = fields({ from: moment(), until: moment(), reason: why() }).superRefine(({ from, until }, context) => {
  if (new Date(from) < new Date(until)) return;
  context.addIssue({ code: "custom", path: ["until"], message: `${until} is not after from, ${from}`, params: { value: "<time>" } });
});

/** Times in which nothing new is rolled out; rollbacks go on. */
export const freezes = listOf(freeze, "freezes").default([]);

/** Not from what asks for an exemption's end. */
const exemptible = ruleNames.filter((name) => name !== "exemptions");

/** Rules that are not asked for, for a time: all there is of a rule, or what it says of one resource or lever. */
export const exemptions = listOf(
  fields({
    policy: oneOf("rule that knows exemptions", exemptible),
    /** Name of a resource, or path of a lever, as the rule's message names it. */
    resource: words("a resource's name or a path", "<name or path>").optional(),
    reason: why(),
    approvedBy: whom(),
    expiresAt: moment(),
  }),
  "exemptions",
).default([]);
