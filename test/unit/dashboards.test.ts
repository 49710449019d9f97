import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { conditionOf } from "../../components/alerts/conditions.ts";
import { definePlan, type Plan, type PlanInput } from "../../components/plan/plan.ts";
import { loadConfig } from "../../demo/service/config.ts";
import { createMetrics } from "../../demo/service/metrics.ts";
import { type Dashboard, dashboardFile, dashboardOf } from "../../pages/dashboards/dashboard.ts";
import type { Panel } from "../../pages/dashboards/panels.ts";
import easymo from "../../stacks/easymo.ts";
import mindmend from "../../stacks/mindmend.ts";
import { plans } from "../../stacks/plans.ts";
import watibot from "../../stacks/watibot.ts";
import { projectRoot } from "../../tools/paths.ts";

const all: { system: string; plan: Plan; dashboard: Dashboard }[] = [];
for (const [system, load] of Object.entries(plans)) {
  const plan = await load();
  all.push({ system, plan, dashboard: dashboardOf(plan) });
}

const panel = (dashboard: Dashboard, title: string): Panel => {
  const found = dashboard.panels.find((each) => each.title === title && each.type !== "row");
  if (!found) throw new Error(`no "${title}" among ${dashboard.panels.map((each) => each.title).join(", ")}`);
  return found;
};
const expressions = ({ panels }: Dashboard): string[] => panels.flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr));
/** The lines that a panel draws where it becomes too much. */
const limits = (dashboard: Dashboard, title: string) => {
  const { defaults } = panel(dashboard, title).fieldConfig as { defaults: { custom: object; thresholds: { steps: object[] } } };
  expect(defaults.custom).toMatchObject({ thresholdsStyle: { mode: "dashed" } });
  return defaults.thresholds.steps.slice(1);
};
/** Title → expression of the panels' second lines, which the first ones are compared with. */
const comparisons = ({ panels }: Dashboard) =>
  Object.fromEntries(panels.flatMap(({ title, targets }) => (targets?.[1] && title.startsWith("Latency") ? [[title, targets[1]]] : [])));

describe.each(all)("the dashboard of $system", ({ system, plan, dashboard }) => {
  it("is what the plan says now; `npm run dashboards` writes it", () => {
    expect(readFileSync(join(projectRoot, "docs/dashboards", `${system}.json`), "utf8")).toBe(dashboardFile(plan));
  });

  it("has what Grafana asks of a dashboard: a version that it knows, and an identity that fits", () => {
    expect(dashboard.schemaVersion).toBe(42);
    expect(dashboard.uid).toMatch(/^[\w-]{1,40}$/);
  });

  it("has panels that differ in their ids, lie on the grid and not on each other", () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Map<string, number>();
    for (const { id, gridPos } of dashboard.panels) {
      expect([gridPos.x, gridPos.y, gridPos.w, gridPos.h].every(Number.isInteger)).toBe(true);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x},${y}`), `panels ${taken.get(`${x},${y}`)} and ${id} at ${x},${y}`).toBeUndefined();
          taken.set(`${x},${y}`, id);
        }
      }
    }
  });

  it("has queries that differ in their ids, all of the Prometheus that the person who looks has chosen", () => {
    for (const { targets = [] } of dashboard.panels) {
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      expect(targets.filter(({ refId }) => !/^[A-Z]$/.test(refId))).toEqual([]);
      for (const { datasource } of targets) expect(datasource).toEqual({ type: "prometheus", uid: `\${datasource}` });
    }
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(["datasource", "runbooks"]);
  });

  it("asks only for metrics that the demo exports, and for kube-state-metrics' of Deployments", async () => {
    const { registry } = createMetrics(loadConfig({ AI_PROVIDER: "openai", OPENAI_API_KEY: "sk-test" }));
    const exported = (await registry.getMetricsAsJSON()).flatMap(({ name, type }) =>
      String(type) === "histogram" ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    );
    const known = [...exported, "kube_deployment_status_replicas_ready", "kube_deployment_spec_replicas"];
    const asked = expressions(dashboard).flatMap((expr) => [...expr.matchAll(/([a-z_:][\w:]*)\{/g)].map(([, name = ""]) => name));
    expect(asked.length).toBeGreaterThanOrEqual(expressions(dashboard).length);
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("has a panel for every trigger that a metric tells", () => {
    const described = dashboard.panels.map(({ description }) => description).join("\n");
    const told = Object.entries(plan.triggers).filter(([name, trigger]) => conditionOf(plan, name, trigger));
    expect(told.filter(([, { title }]) => !described.includes(`${title}: `)).map(([name]) => name)).toEqual([]);
  });

  it("links to each level, with its objective, in a runbook that has it", () => {
    const page = readFileSync(join(projectRoot, "docs/runbooks", `${system}.md`), "utf8");
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-"),
    );
    expect(dashboard.links).toHaveLength(Object.keys(plan.levels).length);
    for (const { url } of dashboard.links) {
      const [address, anchor] = url.split("#");
      expect(address).toBe(`\${runbooks}/${system}.md`);
      expect(anchors).toContain(anchor);
    }
  });
});

describe("what a dashboard shows", () => {
  const dashboard = dashboardOf(mindmend);

  it("is requests, errors, latency, the providers and the pods, in the order in which they are asked for", () => {
    expect(dashboard.panels.map(({ type, title }) => (type === "row" ? `— ${title}` : title))).toEqual([
      "Rollback",
      "— Requests",
      "Requests",
      "Requests that fail",
      "— Latency",
      "Latency, p50",
      "Latency, p95",
      "Latency, p99",
      "— AI providers",
      "Errors of the AI provider, by kind",
      "Calls to the AI provider, p95",
      "gemini: quota errors in 5m",
      "gemini: auth errors in 5m",
      "gemini: calls that end with safety errors",
      "— Pods",
      "Pods",
    ]);
  });

  it("is told apart by track and by provider", () => {
    for (const title of ["Requests", "Requests that fail", "Latency, p50", "Latency, p95", "Latency, p99"]) {
      const target = panel(dashboard, title).targets?.[0];
      expect(target?.expr).toMatch(/by \(track, provider/);
      expect(target?.legendFormat).toBe("{{track}} · {{provider}}");
    }
  });

  it("M6: has the triggers' thresholds drawn in", () => {
    expect(limits(dashboard, "Requests that fail")).toEqual([{ color: "red", value: 0.05 }]);
    expect(limits(dashboard, "gemini: quota errors in 5m")).toEqual([{ color: "red", value: 0 }]);
    expect(limits(dashboard, "gemini: auth errors in 5m")).toEqual([{ color: "red", value: 10 }]);
    expect(limits(dashboard, "gemini: calls that end with safety errors")).toEqual([{ color: "red", value: 0.05 }]);
    expect(Object.entries(comparisons(dashboard)).map(([title, { legendFormat }]) => [title, legendFormat])).toEqual([
      ["Latency, p95", "3 × stable"],
      ["Latency, p99", "5 × stable"],
    ]);
  });

  it("W3: has them drawn in for watibot too", () => {
    expect(limits(dashboardOf(watibot), "Requests that fail")).toEqual([{ color: "red", value: 0.05 }]);
    expect(limits(dashboardOf(watibot), "Latency, p95")).toEqual([{ color: "red", value: 10 }]);
  });

  it("E7: has a warning and a critical threshold for each of easymo's metrics, of conversations where a status does not tell", () => {
    const shown = dashboardOf(easymo);
    const two = (warning: number, critical: number) => [
      { color: "orange", value: warning },
      { color: "red", value: critical },
    ];
    expect(panel(shown, "Requests that fail").targets?.[0]?.expr).toContain(
      'ai_conversations_total{namespace="easymo",route!="/health",route!="/metrics",status=~"failed"}',
    );
    expect(limits(shown, "Requests that fail")).toEqual([...two(0.05, 0.1), { color: "red", value: 0.5 }]);
    expect(limits(shown, "Latency, p95")).toEqual(two(3, 5));
    expect(limits(shown, "Cost of a request")).toEqual(two(0.1, 0.2));
  });

  it("says which level a trigger calls for, what it promises and what to type", () => {
    const { description, links } = panel(dashboard, "Requests that fail");
    expect(description).toBe("Error rate: > 5 % of requests for 5 minutes. Level 1: feature flag");
    expect(links).toMatchObject([{ title: "Level 1: feature flag" }]);
    expect((panel(dashboard, "Rollback").options as { content: string }).content.split("\n")[2]).toBe(
      `| [Level 1: feature flag](\${runbooks}/mindmend.md#level-1-feature-flag-flag-at-most-30-seconds) | 30 seconds | \`pulumi config set aiProvider openai && pulumi up\` |`,
    );
    expect(dashboard.links[0]?.title).toBe("Level 1: feature flag (30 seconds)");
  });

  it("has pods by track, ready ones beside wanted ones", () => {
    expect(panel(dashboard, "Pods").targets?.slice(0, 2)).toMatchObject([
      { expr: 'sum(kube_deployment_status_replicas_ready{deployment="mindmend-backend"})', legendFormat: "stable, ready" },
      { expr: 'sum(kube_deployment_spec_replicas{deployment="mindmend-backend"})', legendFormat: "stable, wanted" },
    ]);
  });

  it("has the pods of workers, and of features with their functions together", () => {
    const workers = { jobs: { deployment: "watibot3-jobs", command: ["jobs"], replicas: 1, drainSeconds: 30 } };
    const withWorkers = dashboardOf(definePlan({ ...watibot, workers } as PlanInput));
    expect(panel(withWorkers, "Pods").targets?.map(({ legendFormat }) => legendFormat)).toContain("jobs, ready");
    const target = panel(dashboardOf(easymo), "Pods").targets?.find(({ legendFormat }) => legendFormat === "agent, wanted");
    expect(target?.expr).toMatch(/^sum\(kube_deployment_spec_replicas\{deployment=~"[\w-]+(\|[\w-]+)+",namespace="easymo"\}\)$/);
  });

  it("has a quantile that only a trigger looks at, a warning's threshold in another colour, and pods of the plan's namespace", () => {
    const input = structuredClone(watibot) as PlanInput;
    input.triggers = {
      slow: { title: "Slow", signal: { type: "latency", quantile: 0.9, aboveSeconds: 2 }, severity: "warning" },
      slower: { title: "Slower", signal: { type: "latency", quantile: 0.9, aboveSeconds: 5 }, severity: "critical" },
    };
    input.metrics = { labels: { job: "wati", namespace: "prod" } };
    const changed = dashboardOf(definePlan(input));
    expect(limits(changed, "Latency, p90")).toEqual([
      { color: "orange", value: 2 },
      { color: "red", value: 5 },
    ]);
    expect(panel(changed, "Pods").targets?.[0]?.expr).toContain('{deployment="watibot3",namespace="prod"}');
  });
});
