import type { PlanInput } from "../../components/plan/plan.ts";

/** Row E10. */
export const messages: NonNullable<PlanInput["messages"]> = {
  beforeDeployment: {
    title: "Before a deployment",
    to: "Engineering team",
    channel: "e-mail",
    subject: "AI agent: deployment of {phase}",
    text: "What changes: {what}\nWhen: {when}\nHow it is rolled back: {level}",
    fields: { phase: "the phase", what: "functions and flags", when: "date and time, with zone", level: "the level that leaves the phase" },
  },
  duringDeployment: {
    title: "During a deployment",
    to: "Internal team",
    channel: "Slack, as it happens",
    text: "AI agent, {phase}: {status}. Next: {next}",
    fields: { phase: "the phase", status: "what was done, and what was seen", next: "what comes next, and when" },
  },
  afterDeployment: {
    title: "After a deployment",
    to: "Internal team",
    channel: "summary report",
    text: "AI agent, {phase}, summary\nSuccess rate: {success}\nLatency p95: {latency}\nError rate: {errors}\nCost of a conversation: {cost}\nIssues: {issues}",
    fields: {
      phase: "the phase",
      success: "target above 95 %",
      latency: "target below 3 seconds",
      errors: "target below 5 %",
      cost: "target below 0.10 USD",
      issues: "what was found, and what was done about it",
    },
  },
  betaUsers: {
    title: "Beta users",
    to: "Beta users",
    channel: "direct e-mail",
    text: "You are one of the first to use our AI agent.\nHow to use it: {instructions}\nHow to tell us what you think: {feedback}",
    fields: { instructions: "what to write, and to which number", feedback: "where to answer" },
  },
  allUsers: {
    title: "All users",
    to: "All users",
    channel: "announcement, where users are usually told",
    text: "Our AI agent now answers your messages: {what}\nMore: {help}",
    fields: { what: "what it can do", help: "the help page on the AI features, which is up to date by then" },
  },
};

/** Row E10. */
export const reports: NonNullable<PlanInput["reports"]> = {
  lessons: {
    title: "Lessons learned",
    sections: [
      {
        fields: {
          issue: { title: "Issue", type: "text", what: "Description" },
          rootCause: { title: "Root Cause", type: "text", what: "Analysis" },
          resolution: { title: "Resolution", type: "text", what: "Fix applied" },
          prevention: { title: "Prevention", type: "text", what: "Future safeguards" },
        },
      },
    ],
  },
};
