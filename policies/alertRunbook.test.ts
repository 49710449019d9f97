import { describe, expect, it } from "vitest";
import { ask, mended, unknown } from "../test/unit/policies/ask.ts";
import { alertRunbook } from "./alertRunbook.ts";

const good = {
  alert: "ShopDown",
  labels: { severity: "critical" },
  annotations: { summary: "Shop is down", runbook_url: "https://runbooks.example/shop.md#down" },
};
const rules = (...all: object[]) => ({
  type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
  inputs: { spec: { groups: [{ name: "shop", rules: all }] } },
});
const policy = (more: object = {}) => ({
  type: "gcp:monitoring/alertPolicy:AlertPolicy",
  inputs: { severity: "CRITICAL", documentation: { subject: "Shop is down", links: [{ url: "https://runbooks.example" }] }, ...more },
});
const own = "urn:pulumi:shop::shop::rollback-stacks:components:RollbackPlan$rollback-stacks:components:AlertRules$kubernetes:x::shop";
const at = "spec.groups[0].rules[0]";

describe("alert-runbook", () => {
  it("passes alerts that say it all, and rules that alert nobody", async () => {
    expect(await ask(alertRunbook, rules(good, { record: "shop:errors", expr: "1" }), policy())).toEqual({ violations: [] });
  });

  it("names what an alert of Prometheus does not say", async () => {
    const silent = rules({ alert: "ShopDown", annotations: { summary: " ", runbook_url: "docs/runbooks/shop.md" } });
    const { violations } = await ask(alertRunbook, silent);
    expect(violations).toEqual([
      `${at}.labels.severity: is not set; expected a severity\n    mend it with: in the program, ${at}.labels.severity = "warning"`,
      `${at}.annotations.summary: is " "; expected what is wrong, in a sentence\n    mend it with: in the program, ${at}.annotations.summary = "<what is wrong>"`,
      `${at}.annotations.runbook_url: is "docs/runbooks/shop.md"; expected an address\n    mend it with: in the program, ${at}.annotations.runbook_url = "https://<runbook>"`,
    ]);
    expect(await ask(alertRunbook, mended(silent, violations))).toEqual({ violations: [] });
  });

  it("names what an alert policy of Google Cloud does not say", async () => {
    const silent = policy({ severity: undefined, documentation: undefined });
    const { violations } = await ask(alertRunbook, silent);
    expect(violations).toEqual([
      'severity: is not set; expected a severity\n    mend it with: in the program, severity = "WARNING"',
      'documentation.subject: is not set; expected what is wrong, in a sentence\n    mend it with: in the program, documentation.subject = "<what is wrong>"',
      'documentation.links: is not set; expected an address\n    mend it with: in the program, documentation.links = [{"displayName":"Runbook","url":"https://<runbook>"}]',
    ]);
    expect(await ask(alertRunbook, mended(silent, violations))).toEqual({ violations: [] });
  });

  it("names the lever for alerts that are the project's own", async () => {
    const relative = { ...rules({ ...good, annotations: { ...good.annotations, runbook_url: "docs/runbooks/shop.md" } }), urn: own };
    const { violations } = await ask(alertRunbook, relative);
    expect(violations).toEqual([
      `${at}.annotations.runbook_url: is "docs/runbooks/shop.md"; expected an address\n    mend it with: pulumi config set --path alerts.runbooks https://<where docs/runbooks is found>`,
    ]);
  });

  it("says what is not known, and still what is missing", async () => {
    const { violations, unknown: said } = await ask(alertRunbook, rules({ ...good, annotations: { summary: unknown, runbook_url: "" } }));
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(`${at}.annotations.runbook_url: is ""`);
    expect(said).toContain(".annotations.summary can't be known during preview");
  });
});
