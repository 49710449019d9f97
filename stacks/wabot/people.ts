import type { PlanInput } from "../../components/plan/plan.ts";

/** Row B9: who decides. */
export const decisions: PlanInput["decisions"] = [
  {
    severity: "critical",
    when: "More than 10 % of users",
    withinMinutes: 0,
    levels: ["enhancements"],
    action: "Feature flag, of one enhancement where it is known which",
    approvedBy: ["onCallPrimary"],
  },
  {
    severity: "high",
    when: "5 to 10 % of users",
    withinMinutes: 15,
    levels: ["enhancements", "defaults"],
    action: "Feature flag or configuration",
    approvedBy: ["engineeringLead"],
  },
  {
    severity: "medium",
    when: "2 to 5 % of users",
    withinMinutes: 30,
    levels: ["defaults", "code"],
    action: "Configuration or code",
    approvedBy: ["engineeringLead", "productManager"],
  },
  {
    severity: "low",
    when: "Less than 2 % of users",
    withinMinutes: 60,
    action: "Evaluate, may not roll back",
    approvedBy: ["team"],
  },
];

export const contacts: PlanInput["contacts"] = {
  onCallPrimary: { title: "On-call engineer, primary", issues: ["Every alert that pages"], escalatesTo: "onCallSecondary" },
  onCallSecondary: { title: "On-call engineer, secondary", issues: ["The primary does not answer"], escalatesTo: "onCallEscalation" },
  onCallEscalation: { title: "On-call engineer, escalation", issues: ["Neither answers"] },
  incidentCommander: { title: "Incident Commander", issues: ["Who does what, updates every 15 minutes, sign-off"] },
  engineeringLead: { title: "Engineering Lead", issues: ["Approval from 2 to 10 % of users, sign-off"] },
  productManager: { title: "Product Manager", issues: ["Approval from 2 to 5 % of users, business metrics"] },
  customerSuccess: { title: "Customer Success", issues: ["Customer communication"] },
  supportLead: { title: "Support Lead", issues: ["Support tickets"] },
  team: { title: "Team", issues: ["Approval below 2 % of users"] },
  awsSupport: { title: "AWS Support", issues: ["Infrastructure, backups"] },
  databaseProvider: { title: "Database Provider", issues: ["The database service"] },
  monitoringService: { title: "Monitoring Service", issues: ["Metrics and alerts"] },
};

export const onCall: PlanInput["onCall"] = [{ when: "Always", primary: "onCallPrimary", backup: "onCallSecondary" }];
