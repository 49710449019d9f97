/** Who is called for what, and when: roles, as tables. */

import type { Plan } from "../../components/plan/plan.ts";
import { plural } from "../../components/plan/words.ts";

interface Table {
  headings: string[];
  rows: string[][];
}

/** What the team calls a role. */
export const roleTitle = ({ contacts }: Plan, role: string): string => contacts[role]?.title ?? role;

export function contacts(plan: Plan): Table {
  const rows = Object.values(plan.contacts).flatMap(({ title, issues, escalatesTo }) =>
    issues.map((issue) => [issue, title, escalatesTo === undefined ? "" : roleTitle(plan, escalatesTo)]),
  );
  return { headings: ["issue", "contact", "escalates to"], rows };
}

export function onCall(plan: Plan): Table {
  const rows = plan.onCall.map(({ when, primary, backup }) => [when, roleTitle(plan, primary), roleTitle(plan, backup)]);
  return { headings: ["on call", "primary", "backup"], rows };
}

export function escalation(plan: Plan): Table {
  const rows = plan.escalation.map(({ role, afterMinutes, when }) => [plural(afterMinutes, "minute"), roleTitle(plan, role), when ?? ""]);
  return { headings: ["not mended after", "call", "when"], rows };
}
