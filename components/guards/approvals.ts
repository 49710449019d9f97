import type { Problem } from "../levers/errors.ts";
import type { Plan } from "../plan/plan.ts";
import { changesLevers } from "./direction.ts";
import type { Guard } from "./guard.ts";

interface Approval {
  role: string;
  person: string;
}

export const approvals: Guard = {
  name: "approvals",
  description:
    "Every role has agreed that the plan's decision matrix demands: each by a person of its own, none of whom requested the change.",
  why: "B9, W8: who decides, by how severe it is; what is agreed to by one person alone is agreed to by nobody",
  severity: "high",
  slowsRollouts: true,
  check(change) {
    const { plan, levers } = change;
    const { severity, level, requestedBy, approvedBy = [] } = levers.change ?? {};
    if (levers.environment === "development" || !changesLevers(change)) return [];
    if (plan.decisions.every((row) => row.approvedBy.length === 0)) return [];
    if (severity === undefined) return [severityMissing];
    const roles = demanded(plan, severity, level);
    const given = approvedBy.map(approval);
    return [
      ...(roles.length > 0 && given.length > 0 && requestedBy === undefined ? [requestorMissing] : []),
      ...missing(roles, given, requestedBy, severity),
    ];
  },
};

const severityMissing: Problem = {
  path: "change.severity",
  message: "missing, so whose approval the plan demands is not known",
  command: "pulumi config set --path change.severity <low, medium, high or critical>",
};

const requestorMissing: Problem = {
  path: "change.requestedBy",
  message: "missing, so whether somebody approved a change of their own is not known",
  command: "pulumi config set --path change.requestedBy <person>",
};

/** Roles of the rows for this severity: of those that name the level, where any does. */
function demanded({ decisions }: Plan, severity: string, level: string | undefined): string[] {
  const rows = decisions.filter((row) => row.severity === severity);
  const named = rows.filter(({ levels }) => level !== undefined && levels.includes(level));
  return [...new Set((named.length > 0 ? named : rows).flatMap(({ approvedBy }) => approvedBy))];
}

function approval(text: string): Approval {
  const [role = "", ...person] = text.split(":");
  return { role, person: person.join(":").trim() };
}

/** A role's first approval counts that is neither the requestor's nor of somebody who approves as another role. */
function missing(roles: readonly string[], given: readonly Approval[], requestedBy: string | undefined, severity: string): Problem[] {
  const taken = new Map(requestedBy === undefined ? [] : [[key(requestedBy), "requested this change"]]);
  let next = given.length;
  return roles.flatMap((role): Problem[] => {
    const own = given.filter((entry) => entry.role === role);
    const valid = own.find(({ person }) => !taken.has(key(person)));
    if (valid) {
      taken.set(key(valid.person), `approves as ${role} already`);
      return [];
    }
    const [first] = own;
    if (!first) {
      const message = `a change of severity ${severity} needs the approval of ${role}, which is missing`;
      return [{ path: "change.approvedBy", message, command: approve(next++, role) }];
    }
    const index = given.indexOf(first);
    const message = `${first.person} ${taken.get(key(first.person))}, so another person has to approve as ${role}`;
    return [{ path: `change.approvedBy[${index}]`, message, command: approve(index, role) }];
  });
}

const approve = (index: number, role: string): string => `pulumi config set --path 'change.approvedBy[${index}]' ${role}:<person>`;

const key = (person: string): string => person.trim().toLowerCase();
