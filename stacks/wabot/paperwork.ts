import type { PlanInput } from "../../components/plan/plan.ts";

const feature = "Conversational Commerce UX Enhancement";
const strategies = "Feature Flag / Configuration / Code / Full";

/** Row B10. */
export const messages: PlanInput["messages"] = {
  internal: {
    title: "Internal alert",
    to: "Team",
    channel: "Slack and mail",
    everyMinutes: 15,
    text: [
      "🚨 ROLLBACK IN PROGRESS 🚨",
      "",
      `Feature: ${feature}`,
      "Strategy: {strategy}",
      "Reason: {reason}",
      "Impact: {impact}",
      "ETA: {eta}",
      "Status: {status}",
      "",
      "On-call: {onCall}",
      "Incident Commander: {incidentCommander}",
      "",
      "Updates will be posted every 15 minutes.",
    ].join("\n"),
    fields: {
      strategy: { what: strategies, from: "level" },
      reason: { what: "brief description", from: "reason" },
      impact: "what users notice",
      eta: { what: "estimated completion time", from: "eta" },
      status: { what: "In Progress / Completed", from: "state" },
      onCall: "the engineer on call",
      incidentCommander: "who leads",
    },
  },
  customers: {
    title: "Customer communication",
    to: "Customers",
    channel: "Mail",
    subject: "Service Update - Brief Maintenance Completed",
    text: [
      "Dear WabotIQ Customer,",
      "",
      "We recently performed emergency maintenance on our platform to address a technical issue. The maintenance has been completed and all services are now fully operational.",
      "",
      "Impact: {impact}",
      "Duration: {start} to {end}",
      "Resolution: {resolution}",
      "",
      "We apologize for any inconvenience this may have caused. If you continue to experience any issues, please contact our support team at {support}.",
      "",
      "Thank you for your patience and understanding.",
      "",
      "The WabotIQ Team",
    ].join("\n"),
    fields: {
      impact: "brief description of what users may have experienced",
      start: { what: "start time", from: "startedAt" },
      end: { what: "end time", from: "endedAt" },
      resolution: "what was done",
      support: "the support team's address",
    },
  },
  statusPage: {
    title: "Status page update",
    to: "Everyone",
    channel: "Status page",
    text: [
      "[RESOLVED] Emergency Maintenance",
      "",
      "We performed emergency maintenance to address a technical issue affecting message processing. All services have been restored and are operating normally.",
      "",
      "Timeline:",
      "- {detected}: Issue detected",
      "- {initiated}: Rollback initiated",
      "- {restored}: Services restored",
      "- {verified}: Verification completed",
      "",
      "If you continue to experience issues, please contact support.",
    ].join("\n"),
    fields: {
      detected: "time",
      initiated: { what: "time", from: "startedAt" },
      restored: { what: "time", from: "endedAt" },
      verified: { what: "time", from: "verifiedAt" },
    },
  },
  maintenance: {
    title: "Notice of maintenance",
    to: "Users",
    text: "System maintenance in progress. Service will be restored shortly.",
  },
};

/** Row B10. */
export const checklists: PlanInput["checklists"] = {
  before: [
    "Rollback trigger confirmed",
    "Rollback strategy selected",
    "Incident commander assigned",
    "Team notified",
    "Stakeholders notified",
    "Backup verified available",
  ],
  during: [
    "Maintenance mode enabled (if needed), and users notified of it",
    "Services stopped (if needed): no pod of the service or of its workers is left",
    "Rollback executed",
    "Services restarted",
    "Maintenance mode disabled",
    "Verification completed",
  ],
  after: [
    "System stability confirmed",
    "Metrics returned to normal",
    "Users notified",
    "Incident documented",
    "Root cause analysis initiated",
    "Fix plan developed",
  ],
};

/** Row B10. */
export const afterwards: PlanInput["afterwards"] = [
  {
    within: "1 hour",
    title: "verify system stability",
    steps: [
      "Monitor error rates for 1 hour",
      "Verify all core functionality working",
      "Check business metrics",
      "Review customer feedback",
    ],
  },
  {
    within: "1 hour",
    title: "communication",
    steps: ["Notify stakeholders of rollback", "Update status page", "Inform support team", "Prepare customer communication"],
  },
  {
    within: "1 hour",
    title: "incident documentation",
    steps: ["Create incident report", "Document timeline", "Capture logs and metrics", "Identify root cause"],
  },
  {
    within: "24 hours",
    title: "root cause analysis",
    steps: ["Analyze what went wrong", "Identify contributing factors", "Document lessons learned", "Create action items"],
  },
  {
    within: "24 hours",
    title: "fix development",
    steps: ["Develop fix for identified issues", "Add additional tests", "Update deployment procedures", "Plan re-deployment"],
  },
  {
    within: "24 hours",
    title: "process improvements",
    steps: ["Update rollback procedures", "Improve monitoring", "Enhance testing", "Update documentation"],
  },
  {
    within: "1 week",
    title: "incident review",
    steps: ["Conduct team retrospective", "Share learnings organization-wide", "Update runbooks", "Improve alerting"],
  },
  {
    within: "1 week",
    title: "re-deployment planning",
    steps: ["Develop comprehensive fix", "Create detailed test plan", "Plan phased rollout", "Prepare enhanced monitoring"],
  },
];

/** Row B11. */
export const reports: PlanInput["reports"] = {
  rollbackLog: {
    title: "Rollback Log",
    sections: [
      {
        fields: {
          date: { title: "Date", type: "text", what: "YYYY-MM-DD HH:MM UTC", from: "startedAt" },
          feature: { title: "Feature", type: "text", what: feature, from: "title" },
          strategy: { title: "Strategy", type: "text", what: strategies, from: "level" },
          executedBy: { title: "Executed By", type: "text", what: "Name", from: "executedBy" },
        },
      },
      {
        title: "Trigger",
        fields: {
          reason: { title: "Reason", type: "text", what: "Description", from: "reason" },
          metrics: { title: "Metrics", type: "text", what: "Error rate, response time, etc." },
          impact: { title: "User Impact", type: "text", what: "Description" },
        },
      },
      {
        title: "Timeline",
        fields: {
          detected: { title: "Issue detected", type: "moment" },
          decided: { title: "Rollback decision made", type: "moment" },
          initiated: { title: "Rollback initiated", type: "moment", from: "startedAt" },
          steps: { title: "[Key steps]", type: "moment", from: "steps" },
          completed: { title: "Rollback completed", type: "moment", from: "endedAt" },
          verified: { title: "Verification completed", type: "moment", from: "verifiedAt" },
        },
      },
      { title: "Actions Taken", fields: { actions: { title: "Action", type: "list", from: "commands" } } },
      {
        title: "Verification",
        fields: {
          errorRate: { title: "Error rate normal", type: "check", from: "errorRate" },
          responseTime: { title: "Response time normal", type: "check", from: "latency" },
          functionality: { title: "Functionality restored", type: "check", from: "answers" },
          data: { title: "No data loss", type: "check" },
          users: { title: "Users notified", type: "check" },
        },
      },
      {
        title: "Data Loss",
        fields: {
          window: { title: "Window", type: "text", what: "Start to end" },
          affected: { title: "Affected", type: "text", what: "Number of conversations, number of messages" },
          recovery: { title: "Recovery", type: "text", what: "Possible / Not possible / Partial" },
        },
      },
      {
        title: "Root Cause",
        fields: { rootCause: { title: "Root cause", type: "paragraph", what: "Brief description - full RCA to follow" } },
      },
      { title: "Next Steps", fields: { nextSteps: { title: "Action", type: "list" } } },
      {
        title: "Sign-Off",
        fields: {
          incidentCommander: { title: "Incident Commander", type: "signature" },
          engineeringLead: { title: "Engineering Lead", type: "signature" },
        },
      },
    ],
  },
};
