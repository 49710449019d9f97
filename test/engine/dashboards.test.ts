import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { Plan } from "../../components/plan/plan.ts";
import { dashboardOf } from "../../pages/dashboards/dashboard.ts";
import mindmend from "../../stacks/mindmend.ts";
import { plans } from "../../stacks/plans.ts";
import { binDir } from "../../tools/paths.ts";
import { hasPromtool } from "./alerts/promtool.ts";

const expressions = (plan: Plan): string[] =>
  dashboardOf(plan).panels.flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr.replaceAll("$__rate_interval", "1m")));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dashboards-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: object) => writeFileSync(join(folder, name), stringify(content));
const promtool = (...args: string[]) => execFileSync(join(binDir, "promtool"), args, { cwd: folder, encoding: "utf8", stdio: "pipe" });

describe.skipIf(!hasPromtool)("the queries of a dashboard", () => {
  it.each(Object.entries(plans))("of %s are PromQL", async (_, load) => {
    const rules = expressions(await load()).map((expr, index) => ({ record: `panel:query:${index}`, expr }));
    write("queries.yaml", { groups: [{ name: "dashboard", rules }] });
    expect(promtool("check", "rules", "queries.yaml")).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  it("answer 0 where no request failed, and the share where some did", () => {
    const [, failing = ""] = expressions(mindmend);
    expect(failing).toContain('status=~"5.."');
    const series = (track: string, status: string, growth: number) => ({
      series: `http_requests_total{job="mindmend",route="/api/therapy-session",track="${track}",provider="openai",status="${status}"}`,
      values: `0+${growth}x40`,
    });
    const sample = (track: string, value: number) => ({ labels: `{provider="openai", track="${track}"}`, value });
    write("test.yaml", {
      tests: [
        {
          interval: "15s",
          input_series: [series("stable", "200", 10), series("canary", "200", 15), series("canary", "500", 5)],
          promql_expr_test: [{ expr: failing, eval_time: "5m", exp_samples: [sample("canary", 0.25), sample("stable", 0)] }],
        },
      ],
    });
    expect(promtool("test", "rules", "test.yaml")).toContain("SUCCESS");
  });
});
