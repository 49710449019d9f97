import { describe, expect, it } from "vitest";
import { found, type Sets, shopWith, updateOf } from "../../test/unit/guards/shop.ts";
import { triggerAlerts } from "./triggerAlerts.ts";

const errors = { title: "Errors", signal: { type: "errorRate", above: 0.05 }, severity: "critical" } as const;
const complaints = { title: "Complaints", signal: { type: "reported", what: "complaints" }, severity: "warning" } as const;
const problems = (sets: Sets, triggers = { errors }): string[] => found(triggerAlerts, updateOf({ plan: shopWith({ triggers }), sets }));

const silent =
  "alerts.enabled: 1 trigger of the plan can be measured, and neither the cluster's Prometheus nor Cloud Monitoring alerts to them | pulumi config set --path alerts.enabled true";
const unexplained = (given: string) =>
  `alerts.runbooks: ${given}; expected the address of the folder with the runbook, shop.md, so that an alert links to it | pulumi config set --path alerts.runbooks <https://…/docs/runbooks>`;
const runbooks = { "alerts.runbooks": "https://wiki.example/runbooks" };

describe("trigger-alerts", () => {
  it("asks for alerts and for where the runbook is", () => expect(problems({})).toEqual([silent, unexplained("missing")]));
  it("is content with the cluster's Prometheus, or with Cloud Monitoring", () => {
    expect(problems({ ...runbooks, "alerts.enabled": true })).toEqual([]);
    expect(problems({ ...runbooks, "gcp.project": "shop-production" })).toEqual([]);
  });
  it("asks for an address that a person can open", () =>
    expect(problems({ "alerts.enabled": true, "alerts.runbooks": "docs/runbooks" })).toEqual([unexplained("docs/runbooks")]));
  it("asks nothing where nothing can be measured, nor outside production", () => {
    expect(found(triggerAlerts, updateOf({ plan: shopWith({ triggers: { complaints } }) }))).toEqual([]);
    expect(problems({ environment: "staging" })).toEqual([]);
  });
});
