import type { PlanInput } from "../../components/plan/plan.ts";

/** Row C7. */
export const messages: NonNullable<PlanInput["messages"]> = {
  start: {
    title: "Rollback in progress",
    to: "Engineering team",
    channel: "Slack #engineering",
    withinMinutes: 5,
    text: "🚨 ROLLBACK IN PROGRESS\nFeature: AI Response Reliability\nReason: {reason}\nAction: {action}\nETA: {eta}\nStatus updates: This channel",
    fields: {
      reason: { what: "brief description", from: "reason" },
      action: { what: "of the level, such as: Disabling feature flag", from: "level" },
      eta: { what: "the level's time, such as: 5 minutes", from: "rto" },
    },
  },
  progress: {
    title: "Progress",
    to: "Engineering team",
    channel: "Slack #engineering",
    everyMinutes: 10,
    text: "✅ Rollback update:\n- {done}\n- Application restarted\n- Monitoring error rates\n- Next: {next}",
    fields: {
      done: { what: "what was done, such as: Feature flag disabled", from: "outcome" },
      next: "what follows, such as: Data integrity check",
    },
  },
  completion: {
    title: "Rollback complete",
    to: "Engineering team",
    channel: "Slack #engineering",
    text: "✅ ROLLBACK COMPLETE\nFeature: AI Response Reliability\nStatus: {status}\nImpact: {impact}\nData integrity: {integrity}\nNext steps: {nextSteps}",
    fields: {
      status: "of the feature, such as: Disabled",
      impact: "description",
      integrity: "what the queries to the database answered",
      nextSteps: "action items",
    },
  },
  users: {
    title: "Users, where they noticed it",
    to: "All users",
    channel: "In-app notification or email",
    text: "We've temporarily disabled a new feature to ensure the best\nexperience. Your chat functionality continues to work normally.\nWe'll have the feature back soon with improvements.",
  },
  stakeholders: {
    title: "Stakeholders",
    to: "Product, Leadership",
    channel: "Email",
    subject: "AI Response Reliability Feature Rollback",
    text:
      "We've rolled back the AI Response Reliability feature due to {reason}.\n\n" +
      "Impact:\n- User experience: {experience}\n- Data integrity: {integrity}\n- Timeline: {timeline}\n\n" +
      "Actions taken:\n{actions}\n\nNext steps:\n{nextSteps}\n\nWe'll provide updates as we work to resolve the issue.",
    fields: {
      reason: { what: "why", from: "reason" },
      experience: "description",
      integrity: "status",
      timeline: "when the feature will return",
      actions: { what: "what was done, numbered", from: "commands" },
      nextSteps: "what follows, a line each",
    },
  },
};
