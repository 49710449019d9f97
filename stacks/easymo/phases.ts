import type { PlanInput } from "../../components/plan/plan.ts";

const on = (flag: string) => ({ path: `flags.${flag}`, value: true });

/** Row E2. */
export const milestones: NonNullable<PlanInput["milestones"]> = [
  {
    title: "Phase 1, infrastructure",
    percentage: 0,
    who: "nobody, the flags are off",
    levers: [
      { path: "stable.image", value: `easymo@sha256:${"0".repeat(64)}`, chosen: "name@sha256:digest" },
      { path: "features.agent", value: true },
      { path: "flags.agents", value: false },
    ],
    holdHours: 0,
    conditions: ["Functions deployed successfully", "Health checks pass (HTTP 200)", 'Logs show "feature disabled"'],
    backBy: "full",
  },
  {
    title: "Phase 2, smoke testing",
    percentage: 0,
    who: "internal only",
    levers: [{ path: "flags.agents", remove: true }, on("chat"), on("vouchers"), on("customerLookup")],
    holdHours: 0,
    conditions: [
      'WhatsApp: "hello" gets a greeting',
      'WhatsApp: "lookup <phone>" finds the customer',
      'WhatsApp: "create voucher 10000 for <phone>" makes a voucher',
      "Direct API: `ai-lookup-customer` answers",
      "Direct API: `ai-create-voucher` leaves a voucher in the database",
      "Structured logs show correlation ids",
      "Personal data is masked in logs",
      "No errors in the functions' logs",
    ],
    backBy: "quick",
  },
  {
    title: "Phase 3, limited rollout",
    percentage: 0,
    who: "beta users, 5 to 10 internal staff",
    holdHours: 7 * 24,
    watched: [
      "Closely for the first 24 to 48 hours",
      "Tool call success rates",
      "Response latency",
      "Error rates",
      "Cost of an interaction",
    ],
    conditions: [
      "Tool call success rate above 95 %",
      "Latency p95 below 3 seconds",
      "Cost of a conversation below 0.10 USD",
      "No personal data in logs",
      "The beta has gone well for 7 days at least",
    ],
    backBy: "quick",
  },
  {
    title: "Phase 4, production",
    percentage: 100,
    who: "all customers, once they have been told",
    levers: [on("voice")],
    holdHours: 7 * 24,
    watched: [
      "Continuously for the first week",
      "Requests an hour",
      "Success and failure rates",
      "Top error types",
      "OpenAI API costs",
      "User satisfaction, where it is known",
    ],
    backBy: "quick",
  },
];

/** Row E10. */
export const watch: NonNullable<PlanInput["watch"]> = [
  {
    period: "Day 1 to 7",
    steps: [
      "Monitor metrics hourly",
      "Review logs daily for errors",
      "Check cost reports daily",
      "Collect user feedback",
      "Document any issues",
    ],
  },
  {
    period: "Week 2 to 4",
    steps: [
      "Monitor metrics daily",
      "Review logs weekly",
      "Optimize based on usage patterns",
      "Refine prompts if needed",
      "Update documentation",
    ],
  },
  {
    period: "Month 2 and later",
    steps: ["Standard monitoring", "Quarterly cost reviews", "Evaluate new OpenAI features", "Plan enhancements"],
  },
];
