import type { PlanInput } from "../../components/plan/plan.ts";

/** Rows B6 and B7. */
export const triggers: PlanInput["triggers"] = {
  highErrorRate: {
    title: "High Error Rate",
    signal: { type: "errorRate", above: 0.05 },
    forSeconds: 900,
    severity: "critical",
    calls: "enhancements",
  },
  slowResponseTime: {
    title: "Slow Response Time",
    signal: { type: "latency", quantile: 0.95, aboveSeconds: 2 },
    forSeconds: 900,
    severity: "critical",
    calls: "enhancements",
  },
  serviceDown: {
    title: "Service Down",
    signal: { type: "outage" },
    forSeconds: 300,
    severity: "critical",
    calls: "enhancements",
  },
  userImpact: {
    title: "User Impact",
    signal: { type: "reported", what: "more than 10 % of users unable to use core features" },
    severity: "critical",
    calls: "enhancements",
  },
  security: {
    title: "Security Issue",
    signal: { type: "reported", what: "a security vulnerability" },
    severity: "critical",
    calls: "code",
  },
  corruption: {
    title: "Data Corruption",
    signal: { type: "reported", what: "any evidence of data loss or corruption" },
    severity: "critical",
    action: "Strategy 4, below under what may be in the way",
  },
  elevatedErrorRate: {
    title: "Elevated Error Rate",
    signal: { type: "errorRate", above: 0.02 },
    forSeconds: 1800,
    severity: "warning",
    action: "Evaluate for rollback",
  },
  degradedPerformance: {
    title: "Degraded Performance",
    signal: { type: "latency", quantile: 0.95, aboveSeconds: 1 },
    forSeconds: 1800,
    severity: "warning",
    action: "Evaluate for rollback",
  },
  featureFailure: {
    title: "Feature Failure",
    signal: { type: "reported", what: "one feature failing in more than 50 % of attempts" },
    severity: "warning",
    action: "Evaluate for rollback of that feature",
  },
  completionRate: {
    title: "Business Metrics",
    signal: { type: "reported", what: "conversation completion rate more than 20 % lower" },
    severity: "warning",
    action: "Evaluate for rollback",
  },
  complaints: {
    title: "Customer Complaints",
    signal: { type: "reported", what: "a significant increase in support tickets" },
    severity: "warning",
    action: "Evaluate for rollback",
  },
};
