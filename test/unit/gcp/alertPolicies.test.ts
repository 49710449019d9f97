import { describe, expect, it } from "vitest";
import { promDuration, secondsOf } from "../../../components/alerts/promql.ts";
import type { AlertRule } from "../../../components/alerts/rules.ts";
import type { Plan } from "../../../components/plan/plan.ts";
import mindmend from "../../../stacks/mindmend.ts";
import { plans } from "../../../stacks/plans.ts";
import { deploy, find, image, mindmendLevers, type Registered } from "./deploy.ts";

const channel = "projects/shop-prod-1/notificationChannels/1234";
const policies = (registered: Registered[]) => registered.filter(({ type }) => type === "gcp:monitoring/alertPolicy:AlertPolicy");
const policy = async (alert: string, levers: object = {}) =>
  find(await deploy(mindmend, { ...mindmendLevers, ...levers }), "gcp:monitoring/alertPolicy:AlertPolicy", new RegExp(`^${alert}$`)).inputs;

function deployWithAlerts(plan: Plan): Promise<Registered[]> {
  const { fallback, known } = plan.providers;
  const keysOf = (credentials: object) => Object.fromEntries(Object.keys(credentials).map((key) => [key, "a-key"]));
  return deploy(plan, {
    system: plan.system,
    aiProvider: fallback,
    stable: { image },
    credentials: Object.fromEntries(Object.entries(known).map(([name, { credentials }]) => [name, keysOf(credentials)])),
    alerts: { enabled: true },
    gcp: { project: "shop-prod-1" },
  });
}

describe("the alert policies of Cloud Monitoring", () => {
  it.each(Object.entries(plans))("of %s have the expressions, durations and severities of its PrometheusRule", async (_, load) => {
    const registered = await deployWithAlerts(await load());
    const rules: AlertRule[] = find(registered, "kubernetes:monitoring.coreos.com/v1:PrometheusRule").inputs.spec.groups[0].rules;
    const told = policies(registered).map(({ name, inputs }) => {
      const { query, duration, labels } = inputs.conditions[0].conditionPrometheusQueryLanguage;
      return [name, query, duration, inputs.severity, labels];
    });
    expect(rules.length).toBeGreaterThan(0);
    // Registrations arrive in any order.
    const byName = (all: unknown[][]) => all.sort(([a], [b]) => String(a).localeCompare(String(b)));
    expect(byName(told)).toEqual(
      byName(
        rules.map(({ alert, expr, for: held, labels }) => [
          alert,
          expr,
          held?.endsWith("m") ? `${Number.parseInt(held, 10) * 60}s` : (held ?? "0s"),
          labels.severity?.toUpperCase(),
          labels,
        ]),
      ),
    );
  });

  it("M6: say what to do: the level, its literal commands and its part of the runbook", async () => {
    const runbooks = "https://git.example/runbooks";
    expect(await policy("MindmendErrorRate", { alerts: { runbooks } })).toEqual({
      project: "shop-prod-1",
      displayName: "MindmendErrorRate",
      severity: "CRITICAL",
      combiner: "OR",
      conditions: [
        {
          displayName: "mindmend-rollback/MindmendErrorRate",
          conditionPrometheusQueryLanguage: {
            query: expect.stringContaining('sum by (track) (rate(http_requests_total{job="mindmend"'),
            duration: "300s",
            evaluationInterval: "30s",
            ruleGroup: "mindmend-rollback",
            alertRule: "MindmendErrorRate",
            labels: { severity: "critical", system: "mindmend", level: "flag" },
            disableMetricValidation: true,
          },
        },
      ],
      documentation: {
        mimeType: "text/markdown",
        subject: "MindMend, Gemini migration: Error rate (> 5 % of requests for 5 minutes)",
        content: [
          `\${metric.label.value} of the requests on the \${metric_or_resource.label.track} track fail. Carry out Level 1: feature flag.`,
          "Type: pulumi config set aiProvider openai && pulumi up",
          `Runbook: ${runbooks}/mindmend.md#level-1-feature-flag-flag-at-most-30-seconds`,
        ].join("\n\n"),
        links: [{ displayName: "Runbook", url: `${runbooks}/mindmend.md#level-1-feature-flag-flag-at-most-30-seconds` }],
      },
      alertStrategy: { autoClose: "1800s" },
      notificationChannels: [],
    });
  });

  it.each(Object.entries(plans))(
    "of %s have no template of Prometheus in their texts, which Cloud Monitoring would show as it is",
    async (_, load) => {
      const registered = await deployWithAlerts(await load());
      expect(policies(registered).filter(({ inputs }) => JSON.stringify(inputs.documentation).includes("{{"))).toEqual([]);
    },
  );

  it("tell whom the stack names", async () => {
    const gcp = { project: "shop-prod-1", notificationChannels: [channel] };
    expect((await policy("MindmendOutage", { gcp })).notificationChannels).toEqual([channel]);
  });

  it("link to a runbook only where it has an address", async () => {
    expect((await policy("MindmendOutage")).documentation.links).toEqual([]);
  });
});

it("a duration comes back from what Prometheus is told", () => {
  expect([90, 300, 3600, 7200].map((seconds) => secondsOf(promDuration(seconds)))).toEqual([90, 300, 3600, 7200]);
});
