import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { baselineOf } from "../../components/alerts/conditions.ts";
import { promDuration, windowSeconds } from "../../components/alerts/promql.ts";
import { type AlertRule, alertRules } from "../../components/alerts/rules.ts";
import { definePlan, type Plan, type PlanInput } from "../../components/plan/plan.ts";
import { rulesFile } from "../../pages/alerts/file.ts";
import mindmend from "../../stacks/mindmend.ts";
import { plans } from "../../stacks/plans.ts";
import watibot from "../../stacks/watibot.ts";
import { projectRoot } from "../../tools/paths.ts";

const rules = (plan: Plan, runbooks?: string): AlertRule[] => alertRules(plan, runbooks).groups.flatMap((group) => group.rules);
const rule = (plan: Plan, name: string): AlertRule => {
  const found = rules(plan).find(({ alert }) => alert === name);
  if (!found) throw new Error(`no ${name} among ${rules(plan).map(({ alert }) => alert)}`);
  return found;
};
const changed = (plan: Plan, change: (input: PlanInput) => void): Plan => {
  const input = structuredClone(plan) as PlanInput;
  change(input);
  return definePlan(input);
};

describe("the alerts of a plan", () => {
  it.each(Object.keys(plans))("of %s are what the plan says now; `npm run alerts` writes them", async (system) => {
    const file = readFileSync(join(projectRoot, "docs/alerts", `${system}.yaml`), "utf8");
    expect(file).toBe(rulesFile((await plans[system]?.()) as Plan));
  });

  it("M6: are mindmend's seven triggers that a metric tells, and two for where nothing is told", () => {
    expect(rules(mindmend).map(({ alert, for: held = "at once", labels }) => [alert, held, labels.severity, labels.level])).toEqual([
      ["MindmendErrorRate", "5m", "critical", "flag"],
      ["MindmendLatencyP95", "10m", "critical", "flag"],
      ["MindmendLatencyP99", "at once", "critical", "flag"],
      ["MindmendQuota", "at once", "critical", "flag"],
      ["MindmendSafetyFilter", "at once", "critical", "flag"],
      ["MindmendAuthentication", "at once", "critical", "flag"],
      ["MindmendOutage", "1m", "critical", "traffic"],
      ["MindmendMetricsAbsent", "5m", "critical", undefined],
      ["MindmendBaselineAbsent", "10m", "warning", undefined],
    ]);
  });

  it("W3: are watibot's four scenarios, and one for where nothing is told", () => {
    expect(rules(watibot).map(({ alert }) => alert)).toEqual([
      "WatibotQuota",
      "WatibotAuthentication",
      "WatibotErrorRate",
      "WatibotLatency",
      "WatibotMetricsAbsent",
    ]);
  });

  it("go on for 5 minutes, so that what fails in bursts alerts once", () => {
    expect(new Set([...rules(mindmend), ...rules(watibot)].map((each) => each.keep_firing_for))).toEqual(new Set(["5m"]));
  });

  it("say what to do: the level, its literal commands and its part of the runbook", () => {
    expect(rule(mindmend, "MindmendOutage").annotations).toEqual({
      summary: "MindMend, Gemini migration: Complete service outage (no request answered for 2 minutes)",
      description: "No request was answered for 2 minutes. Carry out Level 2: traffic shift.",
      runbook_url: "docs/runbooks/mindmend.md#level-2-traffic-shift-traffic-at-most-2-minutes",
      commands: "pulumi config set --path canary.weight 0 && pulumi up",
    });
  });

  it("say what to do beside the level, as the plan does", () => {
    expect(rule(watibot, "WatibotQuota").annotations.description).toBe(
      "{{ $value }} quota errors of vertex in 5 minutes on the {{ $labels.track }} track. Carry out Instant rollback. Then ask Google Cloud Support for a higher quota.",
    );
  });

  it("link to headings that the committed runbook has, under the address that is asked for", () => {
    const page = readFileSync(join(projectRoot, "docs/runbooks/mindmend.md"), "utf8");
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-"),
    );
    const links = rules(mindmend, "https://git.example/runbooks/").map(({ annotations }) => annotations.runbook_url?.split("#"));
    expect(new Set(links.map((link) => link?.[0]))).toEqual(new Set(["https://git.example/runbooks/mindmend.md"]));
    expect(links.filter((link) => !anchors.includes(link?.[1] ?? ""))).toEqual([]);
  });
});

describe("what alerts look at", () => {
  it("is this system's requests, the probes' and Prometheus's own left out", () => {
    expect(rule(watibot, "WatibotErrorRate").expr).toBe(
      [
        'sum by (track) (rate(http_requests_total{job="watibot3",route!="/health",route!="/metrics",status=~"5.."}[5m]))',
        '  / sum by (track) (rate(http_requests_total{job="watibot3",route!="/health",route!="/metrics"}[5m])) > 0.05',
        'and on (track) sum by (track) (increase(http_requests_total{job="watibot3",route!="/health",route!="/metrics"}[5m])) >= 20',
      ].join("\n"),
    );
  });

  it("has the names that the plan gives it", () => {
    const plan = changed(watibot, (input) => {
      input.metrics = { labels: { namespace: "shop", app: "wati" }, requests: "requests_total", minimumRequests: 5 };
    });
    expect(rule(plan, "WatibotErrorRate").expr).toContain('(requests_total{namespace="shop",app="wati",route!="/health"');
    expect(rule(plan, "WatibotErrorRate").expr).toMatch(/>= 5$/);
  });

  it("is refused where it is no metric's name", () => {
    expect(() =>
      changed(watibot, (input) => {
        input.metrics = { requests: "http-requests" };
      }),
    ).toThrow("metrics.requests: expected the name of a Prometheus metric");
  });

  it("is compared with stable beside a canary, and with the day before where there is none", () => {
    expect(baselineOf(mindmend)).toMatchObject({ offset: "", what: "stable" });
    expect(baselineOf(watibot)).toMatchObject({ offset: " offset 1d", what: "the day before" });
  });

  it("makes no rule of what people report, nor of cost", () => {
    const plan = changed(watibot, (input) => {
      input.triggers = {
        complaints: { title: "Complaints", signal: { type: "reported", what: "complaints" }, severity: "warning" },
        cost: { title: "Cost", signal: { type: "cost", aboveBudget: 0.5 }, severity: "warning" },
      };
    });
    expect(rules(plan)).toEqual([]);
  });

  it("is a window that is short beside the duration, and long enough for four scrapes", () => {
    expect([undefined, 60, 300, 900, 1800].map((held) => promDuration(windowSeconds(held)))).toEqual(["5m", "2m", "2m", "3m", "5m"]);
  });
});
