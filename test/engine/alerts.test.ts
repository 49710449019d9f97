import { describe, expect, it } from "vitest";
import type { Plan } from "../../components/plan/plan.ts";
import mindmend from "../../stacks/mindmend.ts";
import { plans } from "../../stacks/plans.ts";
import { answered } from "./alerts/loads.ts";
import { hasPromtool, inputSeries, problems, testOf } from "./alerts/promtool.ts";
import { scenarios } from "./alerts/scenarios.ts";

for (const [system, load] of Object.entries(plans)) {
  const plan: Plan = await load();
  describe.skipIf(!hasPromtool)(`the alerts of ${system}`, () => {
    it.each(scenarios(plan).map((scenario) => [scenario.alert, scenario.title, scenario] as const))("%s: %s", (_, __, scenario) => {
      expect(problems(plan, testOf(scenario))).toBe("");
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
});
