import { beforeAll, describe, expect, it } from "vitest";
import { definePlan, type PlanInput } from "../../components/plan/plan.ts";
import easymo from "../../stacks/easymo.ts";
import mindmend from "../../stacks/mindmend.ts";
import { plans } from "../../stacks/plans.ts";
import watibot from "../../stacks/watibot.ts";
import { answered, failed, paid } from "./alerts/loads.ts";
import { hasPromtool, inputSeries, problems, problemsOf, testOf } from "./alerts/promtool.ts";
import { scenarios } from "./alerts/scenarios.ts";

const slow = { title: "Latency", signal: { type: "latencyOverBaseline", quantile: 0.95, times: 2 }, forSeconds: 900, severity: "warning" };
const refused = { title: "Quota", signal: { type: "providerErrors", kind: "quota", above: 3 }, forSeconds: 300, severity: "warning" };
/** What no plan has yet: a baseline without a canary, errors that must hold. A day of scrapes takes promtool seconds: the thresholds only. */
const withoutCanary = definePlan({ ...watibot, triggers: { slow, refused } } as PlanInput);

/** Rows of the documents that the alerts answer. */
const rows: Record<string, string> = { mindmend: "M6", wabot: "B6, B7", watibot: "W3" };

const all = [{ name: "a plan without a canary", plan: withoutCanary, titles: /threshold|compare/ }];
for (const [name, load] of Object.entries(plans)) all.push({ name, plan: await load(), titles: /./ });

for (const { name, plan, titles } of all) {
  describe.skipIf(!hasPromtool)(`${name in rows ? `${rows[name]}: ` : ""}the alerts of ${name}`, () => {
    const chosen = scenarios(plan).filter(({ title }) => titles.test(title));
    let found: string[];
    beforeAll(() => {
      found = problemsOf(plan, chosen);
    });
    it.each(chosen.map(({ alert, title }, index) => [alert, title, index] as const))("%s: %s", (_, __, index) => {
      expect(found[index]).toBe("");
    });
  });
}

describe.skipIf(!hasPromtool)("M6: an alert that fires", () => {
  it("says what it measured, on which track, and what to type", () => {
    const phases = [{ seconds: 900, load: answered(mindmend, "canary", 100, 0.5) }];
    const test = {
      input_series: inputSeries(phases),
      alert_rule_test: [
        {
          eval_time: "15m",
          alertname: "MindmendErrorRate",
          exp_alerts: [
            {
              exp_labels: { severity: "critical", system: "mindmend", level: "flag", track: "canary" },
              exp_annotations: {
                summary: "MindMend, Gemini migration: Error rate (> 5 % of requests for 5 minutes)",
                description: "50% of the requests on the canary track fail. Carry out Level 1: feature flag.",
                runbook_url: "docs/runbooks/mindmend.md#level-1-feature-flag-flag-at-most-30-seconds",
                commands: "pulumi config set aiProvider openai && pulumi up",
              },
            },
          ],
        },
      ],
    };
    expect(problems(mindmend, test)).toBe("");
  });

  it("counts whole errors, between two scrapes as well", () => {
    const errors = { seconds: 15, load: failed(mindmend, "canary", 10, "auth") };
    const phases = [{ seconds: 600, load: failed(mindmend, "canary", 0, "auth") }, errors, { seconds: 600, load: {} }];
    const quiet = testOf({ title: "10 errors", alert: "MindmendAuthentication", phases, fires: { 640: false } });
    expect(problems(mindmend, quiet, 10)).toBe("");
  });
});

describe.skipIf(!hasPromtool)("E7: an alert that fires", () => {
  const described = (alertname: string, load: Record<string, number>, severity: object, description: string, annotations: object) => ({
    input_series: inputSeries([{ seconds: 900, load }]),
    alert_rule_test: [
      {
        eval_time: "15m",
        alertname,
        exp_alerts: [{ exp_labels: { system: "easymo", track: "stable", ...severity }, exp_annotations: { description, ...annotations } }],
      },
    ],
  });

  it("says what share of the conversations succeeds, though every webhook answers 200, and what to type", () => {
    const severity = { severity: "critical", level: "quick" };
    const description = "75% of the requests on the stable track succeed. Carry out Quick rollback. Investigate immediately.";
    const annotations = {
      summary: "easymo, AI agent: Success rate (< 90 % of requests)",
      runbook_url: "docs/runbooks/easymo.md#quick-rollback-quick-at-most-5-minutes",
      commands: "pulumi config set --path flags.agents false && pulumi up",
    };
    const load = answered(easymo, "stable", 100, 0.25);
    expect(problems(easymo, described("EasymoSuccess", load, severity, description, annotations))).toBe("");
  });

  it("says what a conversation costs", () => {
    const description = "A request on the stable track costs 0.15 USD. Check token usage.";
    const annotations = {
      summary: "easymo, AI agent: Cost of a conversation (> 0.10 USD)",
      runbook_url: "docs/runbooks/easymo.md#triggers",
    };
    const load = paid(easymo, "stable", 100, 0.15);
    expect(problems(easymo, described("EasymoConversationCostWarning", load, { severity: "warning" }, description, annotations))).toBe("");
  });
});
