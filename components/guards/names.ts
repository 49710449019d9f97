/** Every rule there is, in the order in which a person wants to read them: what an exemption may name. */
export const ruleNames = [
  // Of a change, told by its levers and the past: `components/guards/`.
  "fallback-credentials",
  "stable-capacity",
  "levels-possible",
  "previous-image",
  "next-milestone",
  "hold-time",
  "approvals",
  "change-record",
  "change-freeze",
  "level-drilled",
  "new-flags-off",
  "trigger-alerts",
  "known-revision",
  "one-way-migration",
  "database-backup",
  "restore-in-maintenance",
  "exemptions",
  // Of a resource: `policies/`.
  "image-by-digest",
  "no-plain-secrets",
  "no-public-secrets",
  "provider-credentials",
  "no-gap",
  "disruption-budget",
  "resource-limits",
  "security-context",
  "stateful-protected",
  "alert-runbook",
] as const;

export type RuleName = (typeof ruleNames)[number];
