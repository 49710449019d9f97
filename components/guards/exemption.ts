import type { Levers } from "../levers/levers.ts";
import type { RuleName } from "./names.ts";

/** A rule that a stack is not held to, for a time. */
export interface Exemption {
  /** Where the stack's config says so. */
  path: string;
  policy: RuleName;
  /** Name of a resource, or path in a rule's message; all that the rule finds where it is left out. */
  resource?: string | undefined;
  reason: string;
  approvedBy: string;
  /** With its zone. */
  expiresAt: string;
}

/** Every exemption that a stack's config declares, in force or not. Going without approvals is one, under a name of its own. */
export function exemptionsOf({ exemptions, change }: Levers): Exemption[] {
  const declared = exemptions.map((exemption, index) => ({ path: `exemptions[${index}]`, ...exemption }));
  const { bypass } = change ?? {};
  if (!bypass) return declared;
  const { by, reason, expiresAt } = bypass;
  return [...declared, { path: "change.bypass", policy: "approvals", reason, approvedBy: by, expiresAt }];
}

export const inForce = ({ expiresAt }: Pick<Exemption, "expiresAt">, now: Date): boolean => now < new Date(expiresAt);

/** Whether an exemption allows what its rule says of this path, or of the resource of this name. */
export const allows = ({ policy, resource }: Pick<Exemption, "policy" | "resource">, rule: RuleName, of: string): boolean =>
  policy === rule && (resource ?? of) === of;

/** "exempt from approvals until 2026-12-01T08:00:00Z (ada: nobody else is awake)". */
export const describeExemption = ({ policy, reason, approvedBy, expiresAt }: Omit<Exemption, "path">): string =>
  `exempt from ${policy} until ${expiresAt} (${approvedBy}: ${reason})`;
