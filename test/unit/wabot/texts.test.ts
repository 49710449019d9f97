import { describe, expect, it } from "vitest";
import wabot from "../../../stacks/wabot.ts";
import { page, under } from "./page.ts";

describe("texts and checklists", () => {
  it("B10: the internal alert has its fields and is sent every 15 minutes", () => {
    expect(under("### Internal alert")).toEqual([
      "To: Team, channel: Slack and mail, every 15 minutes.",
      "```text",
      "🚨 ROLLBACK IN PROGRESS 🚨",
      "Feature: Conversational Commerce UX Enhancement",
      "Strategy: {strategy}",
      "Reason: {reason}",
      "Impact: {impact}",
      "ETA: {eta}",
      "Status: {status}",
      "On-call: {onCall}",
      "Incident Commander: {incidentCommander}",
      "Updates will be posted every 15 minutes.",
      "```",
      "- `{strategy}`: Feature Flag / Configuration / Code / Full",
      "- `{reason}`: brief description",
      "- `{impact}`: what users notice",
      "- `{eta}`: estimated completion time",
      "- `{status}`: In Progress / Completed",
      "- `{onCall}`: the engineer on call",
      "- `{incidentCommander}`: who leads",
    ]);
  });

  it("B10: the customers' mail and the status page have the document's fields", () => {
    expect(wabot.messages.customers?.subject).toBe("Service Update - Brief Maintenance Completed");
    expect(Object.keys(wabot.messages.customers?.fields ?? {})).toEqual(["impact", "start", "end", "resolution", "support"]);
    expect(under("### Status page update").slice(2, 9)).toEqual([
      "[RESOLVED] Emergency Maintenance",
      "We performed emergency maintenance to address a technical issue affecting message processing. All services have been restored and are operating normally.",
      "Timeline:",
      "- {detected}: Issue detected",
      "- {initiated}: Rollback initiated",
      "- {restored}: Services restored",
      "- {verified}: Verification completed",
    ]);
  });

  it("B10: the checklists before, during and after have six points each", () => {
    expect(wabot.checklists.before).toEqual([
      "Rollback trigger confirmed",
      "Rollback strategy selected",
      "Incident commander assigned",
      "Team notified",
      "Stakeholders notified",
      "Backup verified available",
    ]);
    expect(wabot.checklists.during).toEqual([
      "Maintenance mode enabled (if needed), and users notified of it",
      "Services stopped (if needed): no pod of the service or of its workers is left",
      "Rollback executed",
      "Services restarted",
      "Maintenance mode disabled",
      "Verification completed",
    ]);
    expect(wabot.checklists.after).toEqual([
      "System stability confirmed",
      "Metrics returned to normal",
      "Users notified",
      "Incident documented",
      "Root cause analysis initiated",
      "Fix plan developed",
    ]);
  });

  it("B10: afterwards there are three things within an hour, three within a day and two within a week, four steps each", () => {
    expect(wabot.afterwards.map(({ within, title, steps }) => `${within}: ${title}, ${steps.length}`)).toEqual([
      "1 hour: verify system stability, 4",
      "1 hour: communication, 4",
      "1 hour: incident documentation, 4",
      "24 hours: root cause analysis, 4",
      "24 hours: fix development, 4",
      "24 hours: process improvements, 4",
      "1 week: incident review, 4",
      "1 week: re-deployment planning, 4",
    ]);
  });

  it("names nobody's address, phone or handle", () => {
    expect(page.match(/\S+@\S+|\+\d[\d ]{6,}|https?:\S+/g)).toBeNull();
  });
});

describe("the rollback log", () => {
  const { sections = [] } = wabot.reports.rollbackLog ?? {};

  it("B11: has every field of the document's template", () => {
    expect(sections.map(({ title, fields }) => [title, Object.values(fields).map((field) => field.title)])).toEqual([
      [undefined, ["Date", "Feature", "Strategy", "Executed By"]],
      ["Trigger", ["Reason", "Metrics", "User Impact"]],
      [
        "Timeline",
        ["Issue detected", "Rollback decision made", "Rollback initiated", "[Key steps]", "Rollback completed", "Verification completed"],
      ],
      ["Actions Taken", ["Action"]],
      ["Verification", ["Error rate normal", "Response time normal", "Functionality restored", "No data loss", "Users notified"]],
      ["Data Loss", ["Window", "Affected", "Recovery"]],
      ["Root Cause", ["Root cause"]],
      ["Next Steps", ["Action"]],
      ["Sign-Off", ["Incident Commander", "Engineering Lead"]],
    ]);
  });

  it("B11: says of which fields the record of the rollback fills them", () => {
    const filled = sections.flatMap(({ fields }) =>
      Object.entries(fields).flatMap(([name, { from }]) => (from ? [`${name}: ${from}`] : [])),
    );
    expect(filled).toEqual([
      "date: startedAt",
      "feature: title",
      "strategy: level",
      "executedBy: executedBy",
      "reason: reason",
      "initiated: startedAt",
      "steps: steps",
      "completed: endedAt",
      "verified: verifiedAt",
      "actions: commands",
      "errorRate: errorRate",
      "responseTime: latency",
      "functionality: answers",
    ]);
  });
});
