import { describe, expect, it } from "vitest";
import { alertRules } from "../../../components/alerts/rules.ts";
import wabot from "../../../stacks/wabot.ts";
import { page, table, under } from "./page.ts";

it("B6: the triggers are the document's six critical and five warning ones", () => {
  expect(table("| trigger |").map((cells) => cells.slice(0, 3).join(" | "))).toEqual([
    "High Error Rate | > 5 % of requests for 15 minutes | critical",
    "Slow Response Time | > 2 s for 15 minutes | critical",
    "Service Down | no request answered for 5 minutes | critical",
    "User Impact | more than 10 % of users unable to use core features | critical",
    "Security Issue | a security vulnerability | critical",
    "Data Corruption | any evidence of data loss or corruption | critical",
    "Elevated Error Rate | > 2 % of requests for 30 minutes | warning",
    "Degraded Performance | > 1 s for 30 minutes | warning",
    "Feature Failure | one feature failing in more than 50 % of attempts | warning",
    "Business Metrics | conversation completion rate more than 20 % lower | warning",
    "Customer Complaints | a significant increase in support tickets | warning",
  ]);
});

it("B7: five alerts, three that page and two that notify, and one that pages where nothing is told", () => {
  const rules = alertRules(wabot).groups.flatMap((group) => group.rules);
  expect(rules.map(({ alert, labels, annotations }) => [alert, labels.severity, annotations.summary?.split(": ")[1]])).toEqual([
    ["WabotHighErrorRate", "critical", "High Error Rate (> 5 % of requests for 15 minutes)"],
    ["WabotSlowResponseTime", "critical", "Slow Response Time (> 2 s for 15 minutes)"],
    ["WabotServiceDown", "critical", "Service Down (no request answered for 5 minutes)"],
    ["WabotElevatedErrorRate", "warning", "Elevated Error Rate (> 2 % of requests for 30 minutes)"],
    ["WabotDegradedPerformance", "warning", "Degraded Performance (> 1 s for 30 minutes)"],
    ["WabotMetricsAbsent", "critical", "metrics are absent"],
  ]);
});

describe("success", () => {
  it("B8: is errors below 1 % and p95 below 500 ms, watched for 30 minutes", () => {
    expect(wabot.verification).toContainEqual(expect.objectContaining({ type: "errorRate", below: 0.01 }));
    expect(wabot.verification).toContainEqual(expect.objectContaining({ type: "latency", quantile: 0.95, belowSeconds: 0.5 }));
    expect(under("## It is a success when")).toEqual([
      "Watched for 30 minutes before it is called one:",
      "- [ ] Error rate below 1 %",
      "- [ ] Response time (p95) below 500 ms",
      "- [ ] No critical errors in the logs",
      "- [ ] The application is accessible, and the smoke tests pass",
      "- [ ] Users report normal functionality",
      "- [ ] Business metrics are stable, the conversation completion rate among them",
    ]);
  });

  it("B8: where issues persist, the next strategy is named", () => {
    const flags = [...Object.keys(wabot.flags.known), "enhancements"];
    expect(Object.entries(wabot.levels).map(([name, { next }]) => `${name}: ${next}`)).toEqual([
      ...["", "ForTenants"].flatMap((whom) => flags.map((flag) => `${flag}${whom}: defaults,code`)),
      "defaults: code",
      "code: database",
      "database: ",
    ]);
    expect(page).toContain("If issues persist: Strategy 2: settings back to the defaults, or Strategy 3: code.");
  });
});

it("B9: the decision matrix goes by the share of users, with the approvals it requires", () => {
  expect(
    table("| severity | when |").map(([severity, when, within, , action, approvedBy]) => [severity, when, within, action, approvedBy]),
  ).toEqual([
    [
      "critical",
      "More than 10 % of users",
      "at once",
      "Feature flag, of one enhancement where it is known which",
      "On-call engineer, primary",
    ],
    ["high", "5 to 10 % of users", "< 15 minutes", "Feature flag or configuration", "Engineering Lead"],
    ["medium", "2 to 5 % of users", "< 30 minutes", "Configuration or code", "Engineering Lead + Product Manager"],
    ["low", "Less than 2 % of users", "< 60 minutes", "Evaluate, may not roll back", "Team"],
  ]);
});
