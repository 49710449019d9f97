import { describe, expect, it } from "vitest";
import { runbook } from "../../../pages/runbook/runbook.ts";
import watibot from "../../../stacks/watibot.ts";

const page = runbook(watibot);
const instant = watibot.levels.instant;

describe("W2: the checks after the instant level", () => {
  it("are probed: running, routed to OpenAI, conversations by text, image and audio answered, within 5 seconds", () => {
    expect(instant?.verification.map(({ title }) => title)).toEqual([
      "the service answers",
      "10 of 10 test conversations answered by openai",
      "2 pods ready",
      "logs show [OPENAI]",
      "logs show no [VERTEX]",
    ]);
    expect(watibot.verification.flatMap((probe) => (probe.type === "http" && probe.body ? [probe.body.type] : []))).toEqual([
      "text",
      "image",
      "audio",
    ]);
    expect(watibot.verification).toContainEqual(expect.objectContaining({ type: "latency", quantile: 0.95, belowSeconds: 5 }));
  });

  it("lose no data: nothing but the provider is changed", () => {
    expect(instant?.steps.flatMap(({ levers }) => levers)).toEqual([{ path: "aiProvider", value: "openai" }]);
    expect(watibot.objectives.rpoSeconds).toBe(0);
    expect(watibot.checklists.after).toContain("All conversation history preserved");
  });
});

describe("W3: the four scenarios", () => {
  const { quota, authentication, errorRate, latency } = watibot.triggers;

  it("are quota exceeded, access denied, errors above 5 % and answers above 10 seconds", () => {
    expect([quota, authentication, errorRate, latency].map((trigger) => trigger?.signal)).toEqual([
      { type: "providerErrors", kind: "quota", above: 0 },
      { type: "providerErrors", kind: "auth", above: 0 },
      { type: "errorRate", above: 0.05 },
      { type: "latency", quantile: 0.95, aboveSeconds: 10 },
    ]);
  });

  it("have symptoms, the instant level as the action, and a resolution, in the runbook too", () => {
    for (const trigger of [quota, authentication, errorRate, latency]) {
      expect(trigger?.calls).toBe("instant");
      expect(trigger?.symptoms.length).toBeGreaterThanOrEqual(2);
      expect(page).toContain(`| ${[trigger?.title, ...(trigger?.symptoms ?? [])].join("<br>")} | `);
      expect(page).toContain(`| Instant rollback; ${trigger?.action} |`);
    }
    expect(quota?.symptoms[0]).toBe('Error: "Quota exceeded for aiplatform.googleapis.com"');
    expect(authentication?.symptoms).toContain("403 Forbidden");
  });
});

it("W4: the checks of the first 5 and the first 30 minutes are ticked off", () => {
  expect(watibot.checklists.after.filter((item) => item.startsWith("Within"))).toEqual([
    "Within 5 minutes: health, a conversation, the number of errors",
    "Within 30 minutes: text, image classification, voice transcription, payment proof analysis",
    "Within 30 minutes: conversation data intact, response times back to normal",
  ]);
});

describe("W6: Vertex AI again", () => {
  it("asks for the four preconditions before the first share", () => {
    expect(watibot.milestones[0]?.conditions).toEqual([
      "The root cause is identified and fixed",
      "The staging environment validates the solution",
      "It is a period of low traffic",
      "Enhanced monitoring is in place",
    ]);
  });

  it("is gradual, and each share is watched for two hours", () => {
    expect(watibot.milestones.map(({ percentage, holdHours }) => [percentage, holdHours])).toEqual([
      [25, 2],
      [100, 2],
    ]);
  });
});

describe("W7: the targets after a rollback", () => {
  it("are in the runbook, and errors and latency are probed", () => {
    expect(watibot.objectives.success).toEqual([
      "Response time below 5 seconds",
      "Error rate below 1 %",
      "Availability above 99.5 %",
      "Customer satisfaction at its level",
    ]);
    expect(watibot.verification).toContainEqual(expect.objectContaining({ type: "errorRate", requests: 100, below: 0.01 }));
  });

  it("have an automated check that OpenAI is asked and Vertex AI is not, and who is told where it fails", () => {
    expect(instant?.verification).toContainEqual(expect.objectContaining({ type: "log", contains: "[OPENAI]" }));
    expect(instant?.verification).toContainEqual(expect.objectContaining({ type: "noLog", lacks: "[VERTEX]" }));
    expect(watibot.triggers.routing).toMatchObject({ severity: "critical", action: "Investigate immediately" });
  });
});

it("W8: the decision matrix: critical at once, high in 5 minutes, medium in 15, low is watched", () => {
  expect(watibot.decisions.map(({ severity, when, withinMinutes, levels }) => [severity, when, withinMinutes, levels])).toEqual([
    ["critical", "Service down", 0, ["instant"]],
    ["high", "More than 10 % errors", 5, ["instant"]],
    ["medium", "Performance issues", 15, ["instant"]],
    ["low", "Minor issues", undefined, []],
  ]);
});

describe("W9: people and texts", () => {
  it("has three levels of escalation", () => {
    expect(watibot.escalation.map(({ when }) => when)).toEqual([
      "Level 1, immediate response",
      "Level 1, immediate response",
      "Level 2, extended support",
      "Level 3, executive",
    ]);
  });

  it("has everybody of the document's three levels, with what they are called for", () => {
    expect(Object.values(watibot.contacts).map(({ title, issues }) => `${title}: ${issues.join("; ")}`)).toEqual([
      "Technical Lead: Decision to roll back",
      "Operations Team: Restart of the service and monitoring",
      "On-Call Engineer: Critical issues, around the clock",
      "Google Cloud Support: API and quota issues",
      "Database Administrator: Data integrity concerns",
      "Customer Success: Customer impact assessment",
      "CTO / Technical Director: Business continuity decisions",
      "Customer Relations: Communication of a major customer impact",
    ]);
  });

  it("alerts the team with time, reason, impact and time to resolution, and tells customers that it is over", () => {
    expect(watibot.messages.internal?.text).toBe(
      "ALERT: WatiBot3 Vertex AI Rollback Initiated\nTime: {time}\nReason: {reason}\nImpact: {impact}\nETA to Resolution: {eta}",
    );
    expect(watibot.messages.customers?.text).toBe(
      "We experienced a brief technical issue that has been resolved.\nService is now fully operational. We apologize for any inconvenience.",
    );
  });
});
