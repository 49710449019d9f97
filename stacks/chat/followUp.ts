import type { PlanInput } from "../../components/plan/plan.ts";

type Reports = NonNullable<PlanInput["reports"]>;
type Fields = Reports[string]["sections"][number]["fields"];

const numbered = (title: string) => ({ title, type: "list" as const });
const section = (title: string, fields: Fields) => ({ title, fields });

/** Row C8. */
export const reports: Reports = {
  timeline: {
    title: "Incident Timeline",
    sections: [
      section("Issue detected", {
        detected: { title: "Issue detected", type: "moment" },
        symptom: { title: "Symptom", type: "text", what: "such as: high error rate (25 %)" },
        alert: { title: "Alert", type: "text", what: "such as: retry rate > 20 %" },
      }),
      section("Investigation", {
        investigated: { title: "Investigation started", type: "moment" },
        reviewed: { title: "Reviewed", type: "text", what: "logs, metrics" },
        cause: { title: "Identified root cause", type: "text" },
      }),
      section("Rollback decision", {
        decided: { title: "Rollback decision", type: "moment" },
        severity: { title: "Severity", type: "text", what: "critical / high / medium / low", from: "severity" },
        decision: { title: "Decision", type: "text", from: "level" },
      }),
      section("Rollback executed", {
        executed: { title: "Rollback executed", type: "moment", from: "startedAt" },
        executedBy: { title: "Executed by", type: "text", from: "executedBy" },
        commands: { title: "Command", type: "list", from: "commands" },
      }),
      section("Rollback verified", {
        verified: { title: "Rollback verified", type: "moment", from: "verifiedAt" },
        errorRates: { title: "Error rates normal", type: "check", from: "errorRate" },
        functional: { title: "Chat functionality restored", type: "check", from: "answers" },
      }),
      section("Data integrity check", {
        checked: { title: "Data integrity check", type: "moment" },
        corruption: { title: "No data corruption found", type: "check" },
        counters: { title: "Usage counters accurate", type: "check" },
      }),
      section("Incident closed", {
        closed: { title: "Incident closed", type: "moment" },
        feature: { title: "Feature", type: "text", what: "such as: remains disabled" },
        fix: { title: "Fix", type: "text", what: "such as: in progress" },
      }),
    ],
  },
  rootCause: {
    title: "Root Cause Analysis",
    sections: [
      section("What happened", { happened: { title: "Description of the issue", type: "paragraph" } }),
      section("Why it happened", { why: { title: "Root cause", type: "paragraph" } }),
      section("Why it wasn't caught", { gaps: { title: "Testing gaps, monitoring gaps", type: "paragraph" } }),
      section("How to prevent", { prevention: numbered("Prevention measure") }),
    ],
  },
  actionItems: {
    title: "Action Items",
    sections: [
      {
        fields: {
          fix: { title: "Fix root cause bug", type: "check" },
          coverage: { title: "Add test coverage for scenario", type: "check" },
          monitoring: { title: "Improve monitoring/alerting", type: "check" },
          documentation: { title: "Update documentation", type: "check" },
          process: { title: "Review deployment process", type: "check" },
          redeployment: { title: "Plan re-deployment", type: "check" },
        },
      },
    ],
  },
  lessons: {
    title: "Lessons Learned",
    sections: [
      section("What went well", { well: numbered("What went well") }),
      section("What could be improved", { better: numbered("What could be improved") }),
      section("Action items", { improvements: numbered("Improvement") }),
    ],
  },
};

/** Rows C5, C7, C8. */
export const afterwards: NonNullable<PlanInput["afterwards"]> = [
  {
    within: "1 hour",
    title: "Check the data, and tell",
    steps: [
      "Check the usage counters for anomalies, identify the users who are affected, fix what is wrong, and verify that the count is 0",
      "Where users noticed it: tell them. Where they did not: no text, but monitor support tickets and respond to inquiries",
      "Tell stakeholders",
    ],
  },
  {
    within: "24 hours",
    title: "Find the cause",
    steps: ["Document the incident timeline: what happened, and when", "Root cause analysis: why it happened, why it wasn't caught"],
  },
  {
    within: "1 week",
    title: "Prevent it from happening again",
    steps: ["Work off the action items", "Write down the lessons learned"],
  },
];
